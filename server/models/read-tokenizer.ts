import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { TokenizerState } from '../contracts/run.ts'

/** Tokens that an InternVL2 model needs beside the words of its language model. */
const NINE_TOKENS = [
  '<img>',
  '</img>',
  '<IMG_CONTEXT>',
  '<quad>',
  '</quad>',
  '<ref>',
  '</ref>',
  '<box>',
  '</box>',
]
const FILES = [
  'tokenizer.json',
  'added_tokens.json',
  'tokenizer_config.json',
  'vocab.json',
  'tokenizer.model',
]

/**
 * In which form a folder holds its tokenizer, and which of the nine tokens no file of it names. The trainer adds
 * those, and trains their embeddings.
 * @returns the state, or what is missing in words
 */
export async function readTokenizer(
  folder: string,
  names: readonly string[],
): Promise<TokenizerState | { problem: string }> {
  const kind = kindOf(names)
  if (!kind) {
    return names.includes('vocab.json')
      ? { problem: 'merges.txt is missing beside vocab.json' }
      : { problem: 'no tokenizer (tokenizer.json, tokenizer.model, or vocab.json with merges.txt)' }
  }
  const present = FILES.filter((name) => names.includes(name))
  // The pieces of a sentencepiece model stand in it as plain text, like those of the JSON files.
  const contents = await Promise.all(present.map((name) => readFile(path.join(folder, name))))
  const missing = NINE_TOKENS.filter((token) => !contents.some((content) => content.includes(token)))
  return { kind, missing }
}

function kindOf(names: readonly string[]): TokenizerState['kind'] | null {
  if (names.includes('tokenizer.json')) return 'fast'
  if (names.includes('tokenizer.model')) return 'sentencepiece'
  return names.includes('vocab.json') && names.includes('merges.txt') ? 'bpe' : null
}
