import path from 'node:path'
import { env, environmentSubset, ROOT } from '../env.ts'

/** What the trainer may know of our surroundings: where programs and libraries lie, and how many threads. */
const ALLOWED =
  /^(PATH|HOME|LANG|LC_[A-Z]+|TMPDIR|TEMP|TMP|SYSTEMROOT|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|(CUDA|NVIDIA|NCCL|OMP|MKL|OPENBLAS|PYTORCH|TORCH)_[A-Z0-9_]+)$/i

export interface TrainerCommand {
  program: string
  args: string[]
  environment: Record<string, string>
}

/**
 * A call of the Python package as program and argument list; no shell ever sees it, so names with
 * quotes, spaces or dollars stay what they are.
 * @param device which device the process may see; null = none is needed
 */
export function trainerCommand(args: string[], device: string | null): TrainerCommand {
  return {
    program: env.python,
    args: ['-m', 'refbox_trainer', ...args],
    environment: { ...trainerEnvironment(), ...visibleDevices(device) },
  }
}

function trainerEnvironment(): Record<string, string> {
  return {
    ...environmentSubset((name) => ALLOWED.test(name)),
    // Without this the log of a crashed process lacks exactly its last lines.
    PYTHONUNBUFFERED: '1',
    PYTHONPATH: path.join(ROOT, 'trainer'),
    // The libraries must never ask a hub for anything: bases are folders on this machine.
    HF_HUB_OFFLINE: '1',
  }
}

/** A run on one card must not touch the others, and a run on the processor none. */
function visibleDevices(device: string | null): Record<string, string> {
  if (device?.startsWith('cuda:')) return { CUDA_VISIBLE_DEVICES: device.slice('cuda:'.length) }
  return device === 'cpu' ? { CUDA_VISIBLE_DEVICES: '' } : {}
}

/** `device` of run.json for a device of the queue; the number is in CUDA_VISIBLE_DEVICES. */
export function configDevice(device: string): 'cpu' | 'cuda' | 'mps' {
  if (device.startsWith('cuda')) return 'cuda'
  return device === 'mps' ? 'mps' : 'cpu'
}
