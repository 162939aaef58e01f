import os from 'node:os'

export function hardware(chromium: string, area: { width: number; height: number }): string {
  const cpu = os.cpus()[0]?.model.trim() ?? 'unknown processor'
  const load = os.loadavg()[0]?.toFixed(1)
  return `${os.cpus().length} × ${cpu}, load ${load}, Chromium ${chromium} without graphics card, canvas ${area.width} × ${area.height}`
}

export function heading(words: string): void {
  console.log(`\n${words}`)
}

/** @param after the longest frame of the second after each of them: work that was put off shows there */
export function timeRow(name: string, times: readonly number[], after?: readonly number[]): void {
  const tail = after ? `  then longest frame ${round(quantile(after, 0.5))}` : ''
  const all = times.length > 1 ? `  (${times.map(round).join(', ')})` : ''
  console.log(`  ${name.padEnd(44)} ${round(quantile(times, 0.5)).padStart(8)}${all}${tail}`)
}

/** One line: median and 95th percentile, and how many times those of the others. */
export function frameRow(
  name: string,
  deltas: readonly number[],
  others?: { alone: readonly number[]; nodes: readonly number[] },
): void {
  const p95 = quantile(deltas, 0.95)
  const ratios = others
    ? `  ${(p95 / quantile(others.alone, 0.95)).toFixed(2)}× the picture alone, ${(quantile(others.nodes, 0.95) / p95).toFixed(1)}× faster than nodes`
    : ''
  console.log(
    `  ${name.padEnd(44)} p50 ${round(quantile(deltas, 0.5)).padStart(7)}  p95 ${round(p95).padStart(7)}${ratios}`,
  )
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function round(value: number): string {
  return value.toFixed(1)
}
