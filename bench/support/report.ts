import os from 'node:os'

export interface Measurement {
  name: string
  seconds: number
  /** Work done in that time, for a rate; left out where only the time counts. */
  count?: number
  unit?: string
}

/** Prints each measurement and its ratio to the first one, which is the baseline of this very run. */
export function report(title: string, [baseline, ...others]: [Measurement, ...Measurement[]]): void {
  const cpu = os.cpus()[0]?.model.trim() ?? 'unknown processor'
  console.log(`${title}\n${os.cpus().length} × ${cpu}, Node ${process.versions.node}`)
  for (const entry of [baseline, ...others]) {
    const rate = entry.count === undefined ? '' : `${perSecond(entry).toLocaleString('en')} ${entry.unit}/s`
    const ratio =
      entry === baseline ? 'baseline' : `${(baseline.seconds / entry.seconds).toFixed(2)}× the baseline`
    console.log(
      `  ${entry.name.padEnd(44)} ${entry.seconds.toFixed(2).padStart(8)} s  ${rate.padStart(20)}  ${ratio}`,
    )
  }
}

function perSecond({ count = 0, seconds }: Measurement): number {
  return Math.round(count / seconds)
}

export async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; value: T }> {
  const started = performance.now()
  const value = await work()
  return { seconds: (performance.now() - started) / 1000, value }
}
