import { rm } from 'node:fs/promises'
import type { Studio } from '../studio.ts'
import { tilesFolder } from './overview.ts'

/**
 * Deletes the tiles of pictures that no image shows any more. Unlike the picture itself, which a frozen version may
 * need, they can be made again from it. A folder that cannot be deleted now is only so much disk space.
 */
export async function removeTiles({ db, paths }: Studio, hashes: readonly string[]): Promise<void> {
  if (hashes.length === 0) return
  const shown = await db.image.findMany({ where: { sha256: { in: [...hashes] } }, select: { sha256: true } })
  const kept = new Set(shown.map(({ sha256 }) => sha256))
  for (const sha256 of new Set(hashes)) {
    if (kept.has(sha256)) continue
    await rm(tilesFolder(paths, sha256), { recursive: true, force: true }).catch((error: unknown) => {
      console.error(`The tiles of ${sha256} could not be deleted.`, error)
    })
  }
}
