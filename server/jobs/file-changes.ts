import { type FSWatcher, watch } from 'node:fs'
import path from 'node:path'
import { Bell } from './bell.ts'

/** Wakes its reader when the file may have changed. A change between two waits is not lost. */
export class FileChanges {
  private watcher: FSWatcher | undefined
  private readonly bell = new Bell()
  private readonly file: string
  private readonly signal: AbortSignal

  constructor(file: string, signal: AbortSignal) {
    this.file = file
    this.signal = signal
    signal.addEventListener('abort', this.ring)
  }

  private readonly ring = () => this.bell.ring()

  /** Resolves at the next change, at the latest after `atMost` milliseconds, or when the signal aborts. */
  async next(atMost: number): Promise<void> {
    this.watch()
    if (!this.signal.aborted) await this.bell.wait(atMost)
  }

  /** The folder is watched, not the file: it may not exist yet. */
  private watch(): void {
    if (this.watcher) return
    try {
      const name = path.basename(this.file)
      this.watcher = watch(path.dirname(this.file), (_event, changedName) => {
        if (changedName === null || changedName === name) this.bell.ring()
      })
      this.watcher.on('error', () => {
        this.watcher?.close()
        this.watcher = undefined
      })
      // What was written just before the watch began would otherwise wait for the slow look.
      this.bell.ring()
    } catch {
      this.watcher = undefined
    }
  }

  close(): void {
    this.signal.removeEventListener('abort', this.ring)
    this.watcher?.close()
  }
}
