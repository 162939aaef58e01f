import { BrowserBundle } from '../../server/contracts/browser-bundle.ts'
import { AssistError, asAssistError } from './assist-error.ts'
import { withOneEdition } from './edition.ts'

type BundleFile = BrowserBundle['files'][number]
type Bytes = Uint8Array<ArrayBuffer>

/** A bundle with all of its files in memory, each checked against the manifest. */
export interface LoadedBundle {
  manifest: BrowserBundle
  file: (name: string) => Bytes
}

/** Keeps files between visits, by the hash of their content. Losing one costs a download, nothing else. */
export interface FileStore {
  get: (sha256: string) => Promise<Bytes | null>
  /** May give up silently: a full disk must not keep a model from running. */
  put: (sha256: string, content: Bytes) => Promise<void>
}

export interface LoadBundleOptions {
  /** Folder of the bundle, without a slash at the end. */
  url: string
  store: FileStore
  /** Bytes at hand so far, of all files together, from the store or the network. */
  onProgress: (loaded: number, total: number) => void
  signal: AbortSignal
}

/** Times a file is asked for again, going on where the connection broke. */
const ATTEMPTS = 3

/**
 * Brings a bundle into memory: manifest first, then every file that this browser needs, from the store or
 * over the network.
 * @throws AssistError manifest, download, damaged, cancelled
 */
export async function loadBundle(options: LoadBundleOptions): Promise<LoadedBundle> {
  const manifest = withOneEdition(await fetchManifest(options), 'wasm')
  const total = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
  const files = new Map<string, Bytes>()
  let before = 0
  for (const file of manifest.files) {
    options.onProgress(before, total)
    const content = await loadFile(file, options, (loaded) => options.onProgress(before + loaded, total))
    files.set(file.file, content)
    before += file.bytes
  }
  options.onProgress(total, total)
  return {
    manifest,
    file: (name) => {
      const content = files.get(name)
      if (!content) throw new AssistError('manifest', `The bundle has no file ${name}.`)
      return content
    },
  }
}

async function fetchManifest({ url, signal }: LoadBundleOptions): Promise<BrowserBundle> {
  const response = await fetch(`${url}/manifest.json`, { signal }).catch((error: unknown) => {
    throw asAssistError(error, 'download')
  })
  if (!response.ok) throw new AssistError('download', `${url}/manifest.json: HTTP ${response.status}`)
  const parsed = BrowserBundle.safeParse(await response.json().catch(() => null))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new AssistError('manifest', `manifest.json: ${issue?.path.join('.')}: ${issue?.message}`)
  }
  return parsed.data
}

async function loadFile(
  file: BundleFile,
  options: LoadBundleOptions,
  onBytes: (loaded: number) => void,
): Promise<Bytes> {
  const stored = await options.store.get(file.sha256)
  if (stored && (await isIntact(stored, file))) return stored
  const content = await download(file, options, onBytes)
  if (!(await isIntact(content, file))) {
    throw new AssistError('damaged', `${file.file} is not what the manifest describes.`)
  }
  await options.store.put(file.sha256, content)
  return content
}

/** Sizes come from the manifest: a compressed answer has no Content-Length. */
async function download(
  file: BundleFile,
  { url, signal }: LoadBundleOptions,
  onBytes: (loaded: number) => void,
): Promise<Bytes> {
  const content = new Uint8Array(file.bytes)
  let loaded = 0
  for (let attempt = 1; ; attempt += 1) {
    try {
      for await (const chunk of rest(`${url}/${file.file}`, loaded, signal)) {
        if (loaded + chunk.byteLength > file.bytes) {
          throw new AssistError('damaged', `${file.file} is longer than the manifest says.`)
        }
        content.set(chunk, loaded)
        loaded += chunk.byteLength
        onBytes(loaded)
      }
      if (loaded === file.bytes) return content
      throw new AssistError('download', `${file.file} ended after ${loaded} of ${file.bytes} bytes.`)
    } catch (error) {
      const failure = asAssistError(error, 'download')
      if (failure.code !== 'download' || attempt === ATTEMPTS) throw failure
    }
  }
}

async function* rest(url: string, from: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const response = await fetch(url, { signal, headers: from > 0 ? { range: `bytes=${from}-` } : {} })
  if (!response.ok || !response.body || (from > 0 && response.status !== 206)) {
    throw new AssistError('download', `${url}: HTTP ${response.status}`)
  }
  const reader = response.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}

/**
 * Browsers offer SHA-256 on https and localhost only. Over plain http on a local network the length has
 * to do; whoever could change the bytes there could change this script as well.
 */
async function isIntact(content: Bytes, file: BundleFile): Promise<boolean> {
  if (content.byteLength !== file.bytes) return false
  if (!globalThis.crypto?.subtle) return true
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') === file.sha256
}
