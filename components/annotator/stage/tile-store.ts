import { type Tile, tilePath } from '../../../server/contracts/tiles.ts'

/** Decoded pixels of a tile; gives its memory back when told to. */
export interface TilePixels {
  close: () => void
}

/** Loads under way at a time. A browser has six connections to a server, and saving must find one of them free. */
const AT_ONCE = 3
/** Tiles that are kept whatever is in sight: a megabyte each. */
const KEPT = 64
/** Milliseconds after which a tile that did not arrive is asked for again. */
const RETRY_MS = 4_000

interface Options<Pixels> {
  load: (tile: Tile, signal: AbortSignal) => Promise<Pixels>
  /** There is more to show than before. */
  onChange: () => void
}

/** Holds the decoded tiles of one picture: those in sight, and of the others the ones looked at last. */
export class TileStore<Pixels extends TilePixels> {
  private readonly options: Options<Pixels>
  /** The least recently used first. */
  private readonly held = new Map<string, Pixels>()
  private readonly loading = new Map<string, AbortController>()
  private readonly failed = new Set<string>()
  private wanted: readonly Tile[] = []

  constructor(options: Options<Pixels>) {
    this.options = options
  }

  get(tile: Tile): Pixels | undefined {
    const key = tilePath(tile)
    const pixels = this.held.get(key)
    if (!pixels) return undefined
    this.held.delete(key)
    this.held.set(key, pixels)
    return pixels
  }

  /** From now on these, the most urgent first. What is on its way and not among them is given up. */
  want(tiles: readonly Tile[]): void {
    this.wanted = tiles
    const keys = new Set(tiles.map(tilePath))
    for (const [key, controller] of this.loading) if (!keys.has(key)) controller.abort()
    this.dropOld(keys)
    this.loadNext()
  }

  /** Nothing is in sight any more: gives back all memory. */
  clear(): void {
    this.want([])
    for (const pixels of this.held.values()) pixels.close()
    this.held.clear()
  }

  private dropOld(wanted: ReadonlySet<string>): void {
    for (const [key, pixels] of this.held) {
      if (this.held.size <= Math.max(KEPT, wanted.size)) return
      if (wanted.has(key)) continue
      this.held.delete(key)
      pixels.close()
    }
  }

  private loadNext(): void {
    for (const tile of this.wanted) {
      if (this.loading.size >= AT_ONCE) return
      const key = tilePath(tile)
      if (!this.held.has(key) && !this.loading.has(key) && !this.failed.has(key)) void this.load(tile, key)
    }
  }

  private async load(tile: Tile, key: string): Promise<void> {
    const controller = new AbortController()
    this.loading.set(key, controller)
    try {
      const pixels = await this.options.load(tile, controller.signal)
      if (controller.signal.aborted) pixels.close()
      else this.held.set(key, pixels)
    } catch {
      // The coarser picture below stays; the tile may be there the next time.
      if (!controller.signal.aborted) this.forgive(key)
    }
    this.loading.delete(key)
    if (this.held.has(key)) this.options.onChange()
    this.loadNext()
  }

  private forgive(key: string): void {
    this.failed.add(key)
    setTimeout(() => {
      this.failed.delete(key)
      this.loadNext()
    }, RETRY_MS)
  }
}
