import { execFile } from 'node:child_process'
import os from 'node:os'
import { promisify } from 'node:util'
import type { Device } from '../contracts/worker.ts'

const run = promisify(execFile)
const MIB = 1024 * 1024

/** What runs may wait for on this machine, the fastest kind first. */
export async function detectDevices(): Promise<Device[]> {
  const cores = os.availableParallelism()
  const processor = { name: os.cpus()[0]?.model.trim() || os.arch(), memoryBytes: os.totalmem(), cores }
  const apple = process.platform === 'darwin' && process.arch === 'arm64'
  return [
    ...(await nvidiaCards()),
    ...(apple ? [{ ...processor, id: 'mps' as const }] : []),
    { ...processor, id: 'cpu' as const },
  ]
}

/** No driver, no tool, no card: an empty list. */
async function nvidiaCards(): Promise<Device[]> {
  try {
    const query = ['--query-gpu=index,name,memory.total', '--format=csv,noheader,nounits']
    const { stdout } = await run('nvidia-smi', query, { timeout: 10_000 })
    return stdout
      .trim()
      .split('\n')
      .map((line) => line.split(',').map((field) => field.trim()))
      .map(([index, name, mebibytes]) => ({
        id: `cuda:${index}`,
        name: name ?? 'NVIDIA',
        memoryBytes: Number(mebibytes) * MIB,
        cores: 0,
      }))
  } catch {
    return []
  }
}
