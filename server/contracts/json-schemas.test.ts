import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { RunEstimate } from './estimate.ts'
import { jsonSchemaText, SCHEMA_FOLDER, SCHEMAS } from './generate-json-schemas.ts'
import { RunConfig } from './run-config.ts'
import { RunEvent } from './run-events.ts'

const EXAMPLES = path.join(SCHEMA_FOLDER, 'examples')

describe('the JSON Schemas that Python reads', () => {
  it.each(Object.keys(SCHEMAS) as (keyof typeof SCHEMAS)[])(
    'are those of the contracts: %s',
    async (name) => {
      const checkedIn = await readFile(path.join(SCHEMA_FOLDER, `${name}.schema.json`), 'utf8')
      expect(checkedIn, 'stale: run `npm run contracts`').toBe(jsonSchemaText(name))
    },
  )
})

describe('the shared examples', () => {
  it('are run configurations that the contract accepts', async () => {
    const files = (await readdir(EXAMPLES)).filter(
      (file) => file.startsWith('run.') && file.endsWith('.json'),
    )
    expect(files.length).toBeGreaterThan(1)
    for (const file of files) {
      const example: unknown = JSON.parse(await readFile(path.join(EXAMPLES, file), 'utf8'))
      expect(RunConfig.safeParse(example).error, file).toBeUndefined()
    }
  })

  it('hold one event of every type', async () => {
    const lines = (await readFile(path.join(EXAMPLES, 'events.jsonl'), 'utf8')).trim().split('\n')
    const types = new Set(lines.map((line) => RunEvent.parse(JSON.parse(line)).type))
    expect([...types].sort()).toEqual([
      'adjustment',
      'artefact',
      'checkpoint',
      'done',
      'error',
      'eval',
      'example',
      'heartbeat',
      'ledger',
      'stage',
      'step',
      'warning',
    ])
  })

  it('hold an estimate whose parts add up', async () => {
    const file = path.join(EXAMPLES, 'estimate.json')
    const estimate = RunEstimate.parse(JSON.parse(await readFile(file, 'utf8')))
    expect(estimate.parts.reduce((sum, part) => sum + part.bytes, 0)).toBe(estimate.total_bytes)
    expect(estimate.phases[estimate.peak]).toBe(estimate.total_bytes)
  })

  it('refuse a configuration with an unknown key', () => {
    const result = RunConfig.safeParse({ schema_version: 1, learning_rat: 1 })
    expect(result.error?.issues.some((issue) => issue.code === 'unrecognized_keys')).toBe(true)
  })
})
