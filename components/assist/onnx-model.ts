import type { InferenceSession, OnnxValue, Tensor } from 'onnxruntime-web'
import type { BrowserBundle } from '../../server/contracts/browser-bundle.ts'
import { AssistError } from './assist-error.ts'
import type { LoadedBundle } from './bundle.ts'
import type { VisionLanguageModel } from './generate.ts'

/** The part of onnxruntime that is needed; the worker and the tests bring their own build of it. */
export type Runtime = typeof import('onnxruntime-web')

/** Keys and values of every layer, float32 [1, heads, length, width]. */
export interface KeyValueCache {
  length: number
  values: Record<string, OnnxValue>
}

type Role = BrowserBundle['files'][number]['role']

/** Opens the three graphs of a bundle. One run at a time: the WebAssembly runtime cannot do two. */
export async function openOnnxModel(
  runtime: Runtime,
  bundle: LoadedBundle,
): Promise<VisionLanguageModel<KeyValueCache>> {
  const open = (role: Role) => openSession(runtime, bundle, role)
  // One after the other: opening needs about twice the weights in memory.
  const vision = await open('vision')
  const embedding = await open('embed')
  const decoder = await open('decoder')
  const { architecture, image } = bundle.manifest
  const layers = Array.from({ length: architecture.num_layers }, (_, layer) => layer)
  const cacheNames = layers.flatMap((layer) => [`${layer}.key`, `${layer}.value`])

  const emptyCache = (): KeyValueCache => {
    const shape = [1, architecture.num_kv_heads, 0, architecture.head_dim]
    const empty = () => new runtime.Tensor('float32', new Float32Array(0), shape)
    return { length: 0, values: Object.fromEntries(cacheNames.map((name) => [name, empty()])) }
  }

  return {
    async encodeImage(pixels, tiles) {
      const shape = [tiles, 3, image.size, image.size]
      const output = await vision.run({ pixel_values: new runtime.Tensor('float32', pixels, shape) })
      return floats(output.image_features)
    },

    async embed(ids) {
      const input = new runtime.Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length])
      const output = await embedding.run({ input_ids: input })
      return Float32Array.from(floats(output.inputs_embeds))
    },

    async decode(rows, given) {
      const cache = given ?? emptyCache()
      const count = rows.length / architecture.hidden_size
      const length = cache.length + count
      const positions = BigInt64Array.from({ length: count }, (_, row) => BigInt(cache.length + row))
      const output = await decoder.run({
        inputs_embeds: new runtime.Tensor('float32', rows, [1, count, architecture.hidden_size]),
        attention_mask: new runtime.Tensor('int64', new BigInt64Array(length).fill(1n), [1, length]),
        position_ids: new runtime.Tensor('int64', positions, [1, count]),
        ...Object.fromEntries(cacheNames.map((name) => [`past_key_values.${name}`, cached(cache, name)])),
      })
      release(cache)
      const values = cacheNames.map((name) => [name, required(output[`present.${name}`])] as const)
      return { logits: floats(output.logits), cache: { length, values: Object.fromEntries(values) } }
    },

    release,
  }
}

/** Values that live outside the JavaScript heap are freed by hand, or every token would leak a copy. */
function release(cache: KeyValueCache): void {
  for (const value of Object.values(cache.values)) value.dispose()
}

async function openSession(runtime: Runtime, bundle: LoadedBundle, role: Role): Promise<InferenceSession> {
  const files = bundle.manifest.files.filter((file) => file.role === role).map((file) => file.file)
  const graph = files.find((file) => file.endsWith('.onnx'))
  if (!graph) throw new AssistError('manifest', `The bundle has no ${role} model.`)
  const externalData = files
    .filter((file) => file !== graph)
    .map((file) => ({ path: file.slice(file.lastIndexOf('/') + 1), data: bundle.file(file) }))
  return runtime.InferenceSession.create(bundle.file(graph), {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
    ...(externalData.length > 0 ? { externalData } : {}),
  })
}

function floats(value: OnnxValue | undefined): Float32Array {
  const { data } = required(value) as Tensor
  if (!(data instanceof Float32Array)) throw new AssistError('runtime', 'The model gave no float32 values.')
  return data
}

function cached(cache: KeyValueCache, name: string): OnnxValue {
  return required(cache.values[name])
}

function required(value: OnnxValue | undefined): OnnxValue {
  if (!value) throw new AssistError('manifest', 'The model lacks an output that the bundle promises.')
  return value
}
