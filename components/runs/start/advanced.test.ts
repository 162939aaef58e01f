import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { RunOverrides } from '../../../server/contracts/run.ts'
import { RunConfig } from '../../../server/contracts/run-config.ts'
import { advancedOf, CHOICES, NO_ADVANCED, overridesOf } from './advanced.ts'

it('leaves everything to the preset while nothing is set', () => {
  const overrides = RunOverrides.parse(overridesOf(NO_ADVANCED))
  expect(Object.values(overrides).every((value) => value === null)).toBe(true)
})

it('offers only what the contract takes', () => {
  for (const [field, values] of Object.entries(CHOICES)) {
    for (const value of values) {
      const { error } = RunOverrides.safeParse(overridesOf({ ...NO_ADVANCED, [field]: value }))
      expect(error, `${field}: ${value}`).toBeUndefined()
    }
  }
})

it('hands a word where a number belongs on to the contract, which refuses it', () => {
  const { error } = RunOverrides.safeParse(overridesOf({ ...NO_ADVANCED, epochs: 'many', patience: '0' }))
  expect(error?.issues.map(({ path }) => path[0]).sort()).toEqual(['epochs', 'patience'])
})

it('gives a clone what the run it copies was started with', () => {
  const example: unknown = JSON.parse(readFileSync('trainer/contracts/examples/run.lora.json', 'utf8'))
  const config = RunConfig.parse(example)
  const overrides = RunOverrides.parse(overridesOf(advancedOf(config)))
  expect(overrides).toMatchObject({
    epochs: config.train.epochs,
    rank: config.method.kind === 'lora' ? config.method.rank : null,
    targets: config.method.kind === 'lora' ? config.method.targets : null,
    packing: config.sequence.packing,
    processes: config.parallel.processes,
    patience: config.evaluate.patience,
  })
})
