import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const run = promisify(execFile)
const ROOT = path.resolve(import.meta.dirname, '..')
const SLOW = 60_000

async function draw(...extra: string[]): Promise<string> {
  const out = await mkdtemp(path.join(tmpdir(), 'nano-charts-'))
  const script = path.join(ROOT, 'scripts/draw-nano-charts.ts')
  await run(process.execPath, ['--import', 'tsx', script, '--out', out, ...extra], { cwd: ROOT })
  return out
}

interface Line {
  picture: string
  width: number
  height: number
  things: { shape: string; box: number[] }[]
  links: { from: number; to: number; box: number[]; paths: [number, number][][] }[]
  phrases: { text: string; box: number[] }[]
}

async function linesOf(folder: string): Promise<Line[]> {
  const text = await readFile(path.join(folder, 'charts.jsonl'), 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

it('draws the same charts again and speaks of them by shapes and links alone', {
  timeout: SLOW,
}, async () => {
  const [first, again] = await Promise.all([draw('--count', '4'), draw('--first', '2', '--count', '2')])
  const [lines, later] = [await linesOf(first), await linesOf(again)]
  expect(later).toEqual(lines.slice(2))
  const words = lines.flatMap(({ things, phrases }) => [
    ...things.map(({ shape }) => shape),
    ...phrases.map(({ text }) => text.replaceAll(/'[^']*'|“[^”]*”/g, '')),
  ])
  expect(words.length).toBeGreaterThan(20)
  expect(
    words.filter((word) =>
      /process|decision|terminator|\bdata\b|document|arrow|flow|流程|判断|箭头/.test(word),
    ),
  ).toEqual([])
})

it('gives every link its line within its box and ends that are shapes', { timeout: SLOW }, async () => {
  const lines = await linesOf(await draw('--count', '3'))
  const links = lines.flatMap(({ links: all, things }) => all.map((link) => ({ link, count: things.length })))
  expect(links.length).toBeGreaterThan(5)
  for (const { link, count } of links) {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = link.box
    for (const [x, y] of link.paths.flat()) {
      expect(x).toBeGreaterThan(x1 - 3)
      expect(x).toBeLessThan(x2 + 3)
      expect(y).toBeGreaterThan(y1 - 3)
      expect(y).toBeLessThan(y2 + 3)
    }
    expect(Math.min(link.from, link.to)).toBeGreaterThanOrEqual(0)
    expect(Math.max(link.from, link.to)).toBeLessThan(count)
  }
})

it('refuses to draw what must not be seen', { timeout: SLOW }, async () => {
  const seen = path.join(await draw('--count', '1'), 'pictures')
  expect(await readdir(seen)).toHaveLength(1)
  await expect(draw('--count', '1', '--apart-from', seen)).rejects.toThrow(
    'Chart 0 is among those that must not be seen.',
  )
})
