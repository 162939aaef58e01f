import type { ArtefactFile, ArtefactKind } from '../../../server/contracts/artefact.ts'

/** A key of the catalogue under `runs.artefacts.tools`, and what to type. */
export interface LoadCommand {
  tool: 'predict' | 'merge' | 'vllm' | 'lmdeploy' | 'swift' | 'transformers'
  text: string
}

/**
 * How to load an unpacked artefact. Other tools run the Python files that released InternVL2
 * checkpoints bring; a base without them loads by our own trainer only, so that is all we promise.
 * @param folder name of the folder in the zip
 */
export function loadCommands(
  kind: ArtefactKind,
  folder: string,
  files: readonly Pick<ArtefactFile, 'file'>[],
): LoadCommand[] {
  const predict = `python -m refbox_trainer predict --model ${folder} --meta meta_val.json --out predictions.jsonl`
  if (kind === 'browser') return []
  if (kind === 'adapter') {
    const merge = `python -m refbox_trainer merge --model BASE --adapter ${folder} --out merged`
    return [
      { tool: 'merge', text: merge },
      { tool: 'predict', text: predict.replace(folder, `BASE --adapter ${folder}`) },
    ]
  }
  const commands: LoadCommand[] = [{ tool: 'predict', text: predict }]
  return bringsCode(files) ? [...commands, ...foreignCommands(folder)] : commands
}

export function bringsCode(files: readonly Pick<ArtefactFile, 'file'>[]): boolean {
  return files.some(({ file }) => file.endsWith('.py'))
}

function foreignCommands(folder: string): LoadCommand[] {
  return [
    { tool: 'vllm', text: `vllm serve ./${folder} --trust-remote-code` },
    { tool: 'lmdeploy', text: `lmdeploy serve api_server ./${folder}` },
    { tool: 'swift', text: `swift infer --model ./${folder} --model_type internvl2` },
    {
      tool: 'transformers',
      text: `from transformers import AutoModel, AutoTokenizer\nmodel = AutoModel.from_pretrained("./${folder}", trust_remote_code=True).eval()\ntokenizer = AutoTokenizer.from_pretrained("./${folder}", trust_remote_code=True, use_fast=False)`,
    },
  ]
}
