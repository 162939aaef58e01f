import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** For the tests of the catalogues: every page and component of the product, without tests. */
export function sourceFiles(extensions: readonly string[]): { file: string; text: string }[] {
  const root = path.resolve(import.meta.dirname, '../../..')
  return ['app', 'components'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && extensions.some((extension) => entry.name.endsWith(extension)))
      .filter((entry) => !/\.(test|d)\.tsx?$/.test(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => ({ file: path.relative(root, file), text: readFileSync(file, 'utf8') })),
  )
}
