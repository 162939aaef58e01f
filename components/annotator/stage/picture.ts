import { isTiled, type Tile, tilePath } from '../../../server/contracts/tiles.ts'
import type { Size } from '../../../server/grounding/coordinates.ts'
import type { EditorState } from '../editor/state.ts'
import { shownPart, type Viewport } from '../geometry/viewport.ts'
import { edgesOnScreen } from './edges-on-screen.ts'
import { levelFor, parentOf, rectOfTile, tilesInSight } from './tile-choice.ts'
import { TileStore } from './tile-store.ts'

/** The pixels below the boxes, in one piece or by tiles. */
export interface Picture {
  /** All of it, perhaps with fewer pixels: for the minimap. */
  readonly whole: CanvasImageSource
  /** Another number = there is more to show than before. */
  readonly version: number
  /** @param context in CSS pixels of the canvas */
  paint: (context: CanvasRenderingContext2D, state: Pick<EditorState, 'viewport' | 'area'>) => void
  /** @returns ends it */
  follow: (onChange: () => void) => () => void
}

/** @param url the image's address; its tiles lie below it */
export async function loadPicture(url: string, size: Size): Promise<Picture> {
  if (!isTiled(size)) return new WholePicture(await decoded(url), size)
  return new TiledPicture(url, size, await decoded(`${url}/tiles/overview`))
}

class WholePicture implements Picture {
  readonly version = 0
  readonly whole: ImageBitmap
  private readonly size: Size

  constructor(whole: ImageBitmap, size: Size) {
    this.whole = whole
    this.size = size
  }

  paint(context: CanvasRenderingContext2D, { viewport }: { viewport: Viewport }): void {
    turn(context, viewport)
    const { scale } = viewport
    context.drawImage(this.whole, 0, 0, this.size.width * scale, this.size.height * scale)
  }

  follow(): () => void {
    return () => undefined
  }
}

class TiledPicture implements Picture {
  version = 0
  readonly whole: ImageBitmap
  private readonly size: Size
  private readonly store: TileStore<ImageBitmap>
  private onChange: () => void = () => undefined

  constructor(url: string, size: Size, overview: ImageBitmap) {
    this.whole = overview
    this.size = size
    this.store = new TileStore({
      load: (tile, signal) => decoded(`${url}/${tilePath(tile)}`, signal),
      onChange: () => {
        this.version += 1
        this.onChange()
      },
    })
  }

  /** Coarse to fine, each over the one before: there is never a hole, only less detail for a moment. */
  paint(context: CanvasRenderingContext2D, { viewport, area }: Pick<EditorState, 'viewport' | 'area'>): void {
    const { size } = this
    const level = levelFor(size, viewport.scale * window.devicePixelRatio)
    const wanted = level === null ? [] : tilesInSight(size, level, shownPart(viewport, area))
    this.store.want(wanted)
    const ready = wanted.flatMap((tile) => this.withPixels(tile))
    turn(context, viewport)
    if (wanted.length === 0 || ready.length < wanted.length) {
      context.drawImage(this.whole, 0, 0, size.width * viewport.scale, size.height * viewport.scale)
      const missing = wanted.filter((tile) => !ready.some((other) => other.tile === tile))
      this.paintTiles(context, viewport, this.standIns(missing))
    }
    this.paintTiles(context, viewport, ready)
  }

  follow(onChange: () => void): () => void {
    this.onChange = onChange
    return () => {
      this.onChange = () => undefined
      this.store.clear()
    }
  }

  private withPixels(tile: Tile): { tile: Tile; pixels: ImageBitmap }[] {
    const pixels = this.store.get(tile)
    return pixels ? [{ tile, pixels }] : []
  }

  /** What is at hand of coarser levels at the places of the tiles, the coarsest first. */
  private standIns(tiles: readonly Tile[]) {
    const parents = new Map<string, Tile>()
    for (const tile of tiles) {
      for (let parent = parentOf(tile); parent.level < 10; parent = parentOf(parent)) {
        parents.set(tilePath(parent), parent)
      }
    }
    return [...parents.values()]
      .sort((a, b) => b.level - a.level)
      .flatMap((parent) => this.withPixels(parent))
  }

  private paintTiles(
    context: CanvasRenderingContext2D,
    viewport: Viewport,
    tiles: readonly { tile: Tile; pixels: ImageBitmap }[],
  ): void {
    const edges = edgesOnScreen(viewport)
    for (const { tile, pixels } of tiles) {
      const { x, y, width, height } = rectOfTile(this.size, tile)
      const [left, top] = [edges.x(x), edges.y(y)]
      context.drawImage(pixels, left, top, edges.x(x + width) - left, edges.y(y + height) - top)
    }
  }
}

/** From now on one draws on the picture as it is stored, in CSS pixels. */
function turn(context: CanvasRenderingContext2D, viewport: Viewport): void {
  context.translate(viewport.x, viewport.y)
  context.rotate((viewport.turn * Math.PI) / 2)
}

/**
 * Fetched and decoded beside the page's own work, and for good. An element of the page promises neither: a browser forgets
 * its pixels when it likes, and decodes 6 megapixels again in the frame that draws them, for 80 ms.
 */
async function decoded(url: string, signal?: AbortSignal): Promise<ImageBitmap> {
  const response = await fetch(url, signal && { signal })
  if (!response.ok) throw new Error(`The picture ${url} did not arrive: ${response.status}.`)
  return createImageBitmap(await response.blob())
}
