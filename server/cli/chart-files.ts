import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { SOURCE_ENDINGS } from '../charts/sources/read-sources.ts'
import type { ChartSource } from '../contracts/chart.ts'
import { env } from '../env.ts'
import { StudioError } from '../errors.ts'

/**
 * The texts of files, and of all files below folders whose ending is that of a chart.
 * @throws StudioError BAD_FILE when one is not there, or a folder has none
 */
export async function readFolders(paths: readonly string[]): Promise<ChartSource[]> {
  const found = await Promise.all(paths.map(filesAt))
  return Promise.all(
    found
      .flat()
      .map(async (file) => ({ name: path.relative(env.callerDir, file), text: await readText(file) })),
  )
}

export async function readClasses(file: string): Promise<unknown> {
  const text = await readText(file)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new StudioError('BAD_FILE', { message: `${file} is no JSON: ${String(error)}`, cause: error })
  }
}

async function filesAt(place: string): Promise<string[]> {
  const there = await stat(place).catch((error: unknown) => {
    throw missing(place, error)
  })
  if (!there.isDirectory()) return [place]
  const entries = await readdir(place, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile() && isChart(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
  if (files.length > 0) return files
  throw new StudioError('BAD_FILE', {
    message: `${place} has no chart: no file that ends in ${SOURCE_ENDINGS.join(', ')}.`,
  })
}

function isChart(name: string): boolean {
  const ending = path.extname(name).slice(1).toLowerCase()
  return SOURCE_ENDINGS.some((known) => known === ending)
}

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw missing(file, error)
  })
}

function missing(file: string, cause: unknown): StudioError {
  return new StudioError('BAD_FILE', { message: `${file} cannot be read. Check the path.`, cause })
}
