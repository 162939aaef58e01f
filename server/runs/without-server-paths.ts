import { ROOT } from '../env.ts'
import type { Studio } from '../studio.ts'

/**
 * What a process wrote, without the places of this server: people who may read a run need not know
 * where its files lie. Paths inside the data folder and the checkout begin there instead.
 */
export function withoutServerPaths({ paths }: Studio, text: string): string {
  return text.replaceAll(`${paths.root}/`, '').replaceAll(`${ROOT}/`, '')
}
