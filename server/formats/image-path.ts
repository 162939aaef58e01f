import path from 'node:path'

export type ImagePath = { ok: true; path: string } | { ok: false; message: string }

/**
 * An image path of a file that somebody else wrote, as a path below the image folder with forward
 * slashes. A path that leaves the folder is refused: it would read, and later publish, any file.
 * @param root the image folder; an absolute path below it is made relative
 * @param allowAbsolute keep other absolute paths as they are
 */
export function safeImagePath(written: string, root: string, allowAbsolute: boolean): ImagePath {
  if (written === '') return { ok: false, message: 'the image path is empty.' }
  if (written.includes('\0')) return { ok: false, message: 'the image path holds a zero byte.' }
  const isAbsolute = path.posix.isAbsolute(written) || path.win32.isAbsolute(written)
  if (isAbsolute) {
    const below = path.relative(root, written)
    if (below !== '' && !leaves(below) && !path.isAbsolute(below)) {
      return { ok: true, path: below.split(path.sep).join('/') }
    }
    if (allowAbsolute) return { ok: true, path: written }
    return {
      ok: false,
      message: `the image path ${written} is absolute and not below ${root}. Give its folder with --images, or allow it with --absolute.`,
    }
  }
  if (leaves(written)) {
    return {
      ok: false,
      message: `the image path ${written} leads out of the image folder. Give a folder that holds all images with --images.`,
    }
  }
  return { ok: true, path: path.posix.normalize(written) }
}

/** Whether following the path would ever climb above its start, on this system or on Windows. */
function leaves(relative: string): boolean {
  let depth = 0
  for (const part of relative.split(/[\\/]/)) {
    if (part === '..') depth -= 1
    else if (part !== '.' && part !== '') depth += 1
    if (depth < 0) return true
  }
  return false
}
