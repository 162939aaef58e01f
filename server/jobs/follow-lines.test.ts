import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { followLines, type Line, readLines } from './follow-lines.ts'

let folder: string
let file: string

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'refbox-lines-'))
  file = path.join(folder, 'events.jsonl')
})
afterEach(() => rm(folder, { recursive: true }))

const texts = (lines: Line[]) => lines.map(({ text }) => text)

describe('reading lines', () => {
  it('leaves half a line for later and says where to go on', async () => {
    await writeFile(file, 'one\ntwö\nthr')
    const first = await readLines(file, 0)
    expect(texts(first.lines)).toEqual(['one', 'twö'])
    await appendFile(file, 'ee\n')
    const second = await readLines(file, first.end)
    expect(texts(second.lines)).toEqual(['three'])
    expect((await readLines(file, second.end)).lines).toEqual([])
  })

  it('gives for each line the place behind it', async () => {
    await writeFile(file, 'a\nbb\nccc\n')
    const { lines } = await readLines(file, 0)
    expect(lines.map(({ end }) => end)).toEqual([2, 5, 9])
    expect(texts((await readLines(file, 5)).lines)).toEqual(['ccc'])
  })

  it('finds no line in a file that is not there', async () => {
    expect(await readLines(file, 0)).toEqual({ lines: [], end: 0 })
  })

  it('begins again when the file is shorter than the place it was asked for', async () => {
    await writeFile(file, 'old and long\n')
    await truncate(file, 0)
    await appendFile(file, 'new\n')
    expect(texts((await readLines(file, 13)).lines)).toEqual(['new'])
  })
})

describe('following a file', () => {
  it('that does not exist yet gives every line once, in order', async () => {
    const stop = new AbortController()
    const seen: string[] = []
    const following = (async () => {
      for await (const lines of followLines(file, 0, stop.signal)) {
        seen.push(...texts(lines))
        if (seen.at(-1) === 'last') stop.abort()
      }
    })()
    for (const text of ['1\n2\n', '3', '\n4\n', 'last\n']) await appendFile(file, text)
    await following
    expect(seen).toEqual(['1', '2', '3', '4', 'last'])
  })

  it('ends when nobody listens any more, also while it waits', async () => {
    const stop = new AbortController()
    await writeFile(file, 'one\n')
    const seen: string[] = []
    for await (const lines of followLines(file, 0, stop.signal)) {
      seen.push(...texts(lines))
      queueMicrotask(() => stop.abort())
    }
    expect(seen).toEqual(['one'])
  })
})
