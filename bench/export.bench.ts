// Export of 100,000 images: every record parsed, its boxes taken to pixels and rendered anew, against reading and
// writing the same file as plain JSON in memory.

import { once } from 'node:events'
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { convert } from '../server/formats/convert.ts'
import { report, timed } from './support/report.ts'

const RECORDS = 100_000
const folder = mkdtempSync(path.join(tmpdir(), 'refbox-bench-export-'))
try {
  const input = path.join(folder, 'in.jsonl')
  const stream = createWriteStream(input)
  for (let id = 0; id < RECORDS; id += 1) {
    const box = `[[${id % 500}, ${id % 300}, ${500 + (id % 400)}, ${400 + (id % 500)}]]`
    const conversations = ['decision', 'process', 'terminator'].flatMap((name, turn) => [
      {
        from: 'human',
        value: `${turn === 0 ? '<image>\n' : ''}Please provide the bounding box coordinate of the region this sentence describes: <ref>${name}</ref>`,
      },
      { from: 'gpt', value: `<ref>${name}</ref><box>${box}</box>` },
    ])
    const line = JSON.stringify({ id, image: `images/${id}.png`, width: 1280, height: 960, conversations })
    if (!stream.write(`${line}\n`)) await once(stream, 'drain')
  }
  stream.end()
  await once(stream, 'finish')

  const plain = await timed(async () => {
    const records = readFileSync(input, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
    writeFileSync(
      path.join(folder, 'plain.jsonl'),
      records.map((record) => `${JSON.stringify(record)}\n`).join(''),
    )
  })
  const exported = await timed(() =>
    convert({
      from: 'internvl',
      to: 'internvl',
      input,
      output: path.join(folder, 'out.jsonl'),
      style: 'referring',
    }),
  )
  report('Export of 100,000 images', [
    { name: 'plain JSON in memory', seconds: plain.seconds, count: RECORDS, unit: 'records' },
    {
      name: 'parsed, checked and rendered, streamed',
      seconds: exported.seconds,
      count: RECORDS,
      unit: 'records',
    },
  ])
} finally {
  rmSync(folder, { recursive: true, force: true })
}
