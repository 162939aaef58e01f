import { Tokenizer } from '@huggingface/tokenizers'
import type { BrowserBundle } from '../../server/contracts/browser-bundle.ts'
import { boxScores } from '../../server/grounding/box-scores.ts'
import { parseAnswer } from '../../server/grounding/parse-answer.ts'
import { AssistError } from './assist-error.ts'
import type { LoadedBundle } from './bundle.ts'
import { generate, spliceFeatures, type VisionLanguageModel } from './generate.ts'
import { openOnnxModel, type Runtime } from './onnx-model.ts'
import type { RgbImage } from './pillow-resize.ts'
import { cutTiles, normaliseTiles, type Tiles } from './tiling.ts'

/** A picture after the vision encoder; several questions share it. */
export interface EncodedImage {
  tiles: number
  features: Float32Array
}

export interface Answer {
  /** As the model wrote it, tags included, without the end token. */
  text: string
  tokens: number
  /** How sure the model is of each box that `parseAnswer` finds in `text`, 0..1 (see `boxScores`). */
  scores: number[]
  stop: 'end' | 'length'
}

export interface AskOptions {
  maxNewTokens: number
  onText?: (text: string) => void
  signal?: AbortSignal
}

/** A grounding model that answers questions about pictures, wherever onnxruntime runs. */
export interface GroundingModel {
  encodeImage: (image: RgbImage) => Promise<EncodedImage>
  ask: (image: EncodedImage, question: string, options: AskOptions) => Promise<Answer>
}

/**
 * Opens a bundle and checks that it gives here what it gave where it was made.
 * @throws AssistError manifest, selfTest, runtime
 */
export async function openGroundingModel(runtime: Runtime, bundle: LoadedBundle): Promise<GroundingModel> {
  const { manifest } = bundle
  const tokenizer = new Tokenizer(json(bundle, 'tokenizer.json'), json(bundle, 'tokenizer_config.json'))
  const model = await openOnnxModel(runtime, bundle)
  checkTokenizer(tokenizer, manifest)
  await checkLogits(model, manifest)
  const { tokens, architecture } = manifest
  const decode = (ids: readonly number[]) =>
    tokenizer.decode([...ids], { skip_special_tokens: false, clean_up_tokenization_spaces: false })

  return {
    async encodeImage(image) {
      const tiles = cutTiles(image, manifest.image)
      return { tiles: tiles.count, features: await encode(model, manifest, tiles) }
    },

    async ask({ tiles, features }, question, { maxNewTokens, onText, signal }) {
      const ids = encodeText(tokenizer, promptText(manifest, tiles, question))
      const prompt = {
        ids,
        features,
        imageContextId: tokens.image_context,
        hiddenSize: architecture.hidden_size,
      }
      const generated = await generate(model, prompt, {
        endId: tokens.end,
        maxNewTokens,
        ...(onText ? { onToken: (made) => onText(decode(made)) } : {}),
        ...(signal ? { signal } : {}),
      })
      const text = decode(generated.ids)
      // A token may hold a part of a character, so that only the text of all tokens so far tells where it ends.
      const ends = generated.ids.map((_, place) => decode(generated.ids.slice(0, place + 1)).length)
      const scores = boxScores(text, parseAnswer(text), ends, generated.probabilities)
      return { text, tokens: generated.ids.length, scores, stop: generated.stop }
    },
  }
}

/** One question about one picture, up to where the answer begins. */
function promptText({ template, tokens, image }: BrowserBundle, tiles: number, question: string): string {
  const { img_start, img_end, image_context } = tokens.names
  const block = `${img_start}${image_context.repeat(image.num_image_token * tiles)}${img_end}`
  return `${template.prefix}${block}\n${question}${template.suffix}`
}

function encodeText(tokenizer: Tokenizer, text: string): number[] {
  return tokenizer.encode(text, { add_special_tokens: false }).ids
}

function encode(
  model: Pick<VisionLanguageModel<never>, 'encodeImage'>,
  { image }: BrowserBundle,
  tiles: Tiles,
): Promise<Float32Array> {
  return model.encodeImage(normaliseTiles(tiles, image.mean, image.std), tiles.count)
}

/** Two tokenizer libraries, one vocabulary: the ids of the self-test must survive text and back. */
function checkTokenizer(tokenizer: Tokenizer, { self_test }: BrowserBundle): void {
  const text = tokenizer.decode([...self_test.input_ids], {
    skip_special_tokens: false,
    clean_up_tokenization_spaces: false,
  })
  const ids = encodeText(tokenizer, text)
  if (ids.length !== self_test.input_ids.length || ids.some((id, at) => id !== self_test.input_ids[at])) {
    throw new AssistError('selfTest', 'The tokenizer splits the test question differently here.')
  }
}

/** Runs the manifest's question about the probe picture and compares the first logits. */
async function checkLogits<Cache>(model: VisionLanguageModel<Cache>, manifest: BrowserBundle): Promise<void> {
  const { self_test, tokens, architecture } = manifest
  const features = await encode(model, manifest, probeTile(manifest.image.size))
  const rows = spliceFeatures(await model.embed(self_test.input_ids), {
    ids: self_test.input_ids,
    features,
    imageContextId: tokens.image_context,
    hiddenSize: architecture.hidden_size,
  })
  const { logits, cache } = await model.decode(rows, null)
  model.release(cache)
  const gaps = self_test.logits_last.map((expected, at) => Math.abs(expected - (logits[at] ?? Number.NaN)))
  const gap = Math.max(...gaps)
  // Written so that NaN fails too.
  if (!(gap <= self_test.tolerance)) {
    throw new AssistError('selfTest', `Logits are ${gap} apart, ${self_test.tolerance} is allowed.`)
  }
}

/** The picture of the self-test: value (3x + 5y + 7c) mod 256, as `probe_tile` of the trainer draws it. */
function probeTile(size: number): Tiles {
  const data = new Uint8Array(size * size * 3)
  for (let y = 0, at = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      for (let channel = 0; channel < 3; channel += 1, at += 1) data[at] = 3 * x + 5 * y + 7 * channel
    }
  }
  return { count: 1, size, data }
}

function json(bundle: LoadedBundle, name: string): Record<string, unknown> {
  try {
    return JSON.parse(new TextDecoder().decode(bundle.file(name)))
  } catch (error) {
    throw new AssistError('manifest', `${name} is not JSON.`, { cause: error })
  }
}
