// Writes the JSON Schemas that Python checks against. A test fails when the checked-in ones are stale.
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { BrowserBundle } from './browser-bundle.ts'
import { RunEstimate } from './estimate.ts'
import { Evaluation } from './evaluation.ts'
import { FetchEvent } from './fetch-event.ts'
import { PredictionLine, RefusedLine } from './prediction.ts'
import { RunConfig } from './run-config.ts'
import { CheckProblem, RunEvent } from './run-events.ts'

export const SCHEMA_FOLDER = 'trainer/contracts'

export const SCHEMAS = {
  'run-config': RunConfig,
  'run-event': RunEvent,
  'check-problem': CheckProblem,
  prediction: PredictionLine,
  'refused-picture': RefusedLine,
  'browser-bundle': BrowserBundle,
  estimate: RunEstimate,
  evaluation: Evaluation,
  'fetch-event': FetchEvent,
} as const

export function jsonSchemaText(name: keyof typeof SCHEMAS): string {
  // run.json is written by people too, who may leave out what has a default.
  const io = name === 'run-config' ? 'input' : 'output'
  return `${JSON.stringify(z.toJSONSchema(SCHEMAS[name], { io }), null, 2)}\n`
}

if (process.argv[1]?.endsWith('generate-json-schemas.ts')) {
  await mkdir(SCHEMA_FOLDER, { recursive: true })
  for (const name of Object.keys(SCHEMAS) as (keyof typeof SCHEMAS)[]) {
    await writeFile(path.join(SCHEMA_FOLDER, `${name}.schema.json`), jsonSchemaText(name))
  }
}
