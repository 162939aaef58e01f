import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { RunConfig } from '../contracts/run-config.ts'
import { ROOT } from '../env.ts'

/** The trainer's own run files, one for each size, method and number of cards; written from published.json. */
const FOLDER = path.join(ROOT, 'trainer/recipes')

const Published = z.object({
  sizes: z.array(
    z.object({
      name: z.string(),
      lora: z.object({ gpus: z.number().int() }),
      full: z.object({ gpus: z.number().int() }),
    }),
  ),
})

export type Method = 'lora' | 'full'

/** How a size was published: its name, and the cards of its script. */
export interface PublishedSize {
  name: string
  gpus: Record<Method, number>
}

let sizes: PublishedSize[] | undefined

/** The published size that is nearest to a model by its parameters; InternVL2.5's scripts use the same table. */
export function nearestSize(parameters: number): PublishedSize {
  sizes ??= readSizes()
  const [first, ...others] = sizes
  if (!first) throw new Error(`${FOLDER}/published.json names no size.`)
  const distance = ({ name }: PublishedSize) => Math.abs(Math.log(parameters / nominal(name)))
  return others.reduce((best, one) => (distance(one) < distance(best) ? one : best), first)
}

function readSizes(): PublishedSize[] {
  const json: unknown = JSON.parse(readFileSync(path.join(FOLDER, 'published.json'), 'utf8'))
  return Published.parse(json).sizes.map(({ name, lora, full }) => ({
    name,
    gpus: { lora: lora.gpus, full: full.gpus },
  }))
}

/** `InternVL2-Llama3-76B` → 76e9 */
function nominal(name: string): number {
  return Number(/(\d+)B$/.exec(name)?.[1] ?? 1) * 1e9
}

/** The run file for this size and method whose number of cards is nearest to what the run will have. */
export function recipeFile(size: string, method: Method, processes: number): RunConfig {
  const counts = readdirSync(FOLDER).flatMap((file) => {
    const count = new RegExp(`^${size}\\.${method}\\.(\\d+)gpu\\.json$`).exec(file)?.[1]
    return count === undefined ? [] : [Number(count)]
  })
  const [nearest] = counts.sort((a, b) => Math.abs(a - processes) - Math.abs(b - processes) || a - b)
  if (nearest === undefined) throw new Error(`${FOLDER} has no ${method} recipe for ${size}.`)
  const json: unknown = JSON.parse(
    readFileSync(path.join(FOLDER, `${size}.${method}.${nearest}gpu.json`), 'utf8'),
  )
  return RunConfig.parse(json)
}
