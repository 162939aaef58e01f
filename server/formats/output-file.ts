import { randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'

/** Characters collected before they go to disk; one write per line would be the slowest part. */
const FLUSH_AT = 1 << 18

/**
 * A file that appears under its name only when it is complete: it is written beside it under a name of
 * its own and renamed at the end. A failure or a crash leaves what was there before.
 */
export class OutputFile {
  readonly target: string
  readonly #partial: string
  readonly #handle: FileHandle
  #pending: string[] = []
  #pendingLength = 0

  private constructor(target: string, partial: string, handle: FileHandle) {
    this.target = target
    this.#partial = partial
    this.#handle = handle
  }

  static async open(target: string): Promise<OutputFile> {
    await mkdir(path.dirname(target), { recursive: true })
    const partial = `${target}.${randomBytes(4).toString('hex')}.part`
    return new OutputFile(target, partial, await open(partial, 'w'))
  }

  /** Returns a promise only when it is time to wait for the disk. */
  write(text: string): Promise<void> | undefined {
    this.#pending.push(text)
    this.#pendingLength += text.length
    return this.#pendingLength >= FLUSH_AT ? this.#flush() : undefined
  }

  async #flush(): Promise<void> {
    const text = this.#pending.join('')
    this.#pending = []
    this.#pendingLength = 0
    await this.#handle.writeFile(text)
  }

  /** Everything on the disk, under the real name. */
  async commit(): Promise<void> {
    await this.#flush()
    await this.#handle.sync()
    await this.#handle.close()
    await rename(this.#partial, this.target)
  }

  /** For a part that goes into another file: everything is on the disk, at the path that is given back. */
  async readBack(): Promise<string> {
    await this.#flush()
    return this.#partial
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined)
    await rm(this.#partial, { force: true })
  }
}

/** Writes small files whole, with the same promise. */
export async function writeWhole(target: string, text: string): Promise<void> {
  const file = await OutputFile.open(target)
  try {
    await file.write(text)
    await file.commit()
  } catch (error) {
    await file.discard()
    throw error
  }
}
