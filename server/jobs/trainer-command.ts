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
 * @param devices which devices the process may see, by their ids in the queue; none = it computes nothing there
 */
export function trainerCommand(args: string[], devices: readonly string[]): TrainerCommand {
  return {
    program: env.python,
    args: ['-m', 'refbox_trainer', ...args],
    environment: {
      ...trainerEnvironment(),
      // The libraries must never ask a hub for anything: bases are folders on this machine.
      HF_HUB_OFFLINE: '1',
      ...visibleDevices(devices),
    },
  }
}

/** Besides the surroundings: mirrors, proxies, certificates and the tokens of the hubs. */
const NETWORK =
  /^((HF|HUGGINGFACE|HUGGING_FACE|MODELSCOPE)_[A-Z0-9_]+|(HTTPS?|ALL|NO)_PROXY|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE)$/i

/** The one call that needs the network. */
export function fetchCommand(args: string[]): TrainerCommand {
  return {
    program: env.python,
    args: ['-m', 'refbox_trainer', 'fetch', ...args],
    environment: { ...environmentSubset((name) => NETWORK.test(name)), ...trainerEnvironment() },
  }
}

function trainerEnvironment(): Record<string, string> {
  return {
    ...environmentSubset((name) => ALLOWED.test(name)),
    // Without this the log of a crashed process lacks exactly its last lines.
    PYTHONUNBUFFERED: '1',
    PYTHONPATH: path.join(ROOT, 'trainer'),
  }
}

/** A run on some cards must not touch the others, and a run on the processor none. */
function visibleDevices(devices: readonly string[]): Record<string, string> {
  const cards = devices.filter((id) => id.startsWith('cuda:')).map((id) => id.slice('cuda:'.length))
  if (cards.length > 0) return { CUDA_VISIBLE_DEVICES: cards.join(',') }
  return devices.includes('cpu') ? { CUDA_VISIBLE_DEVICES: '' } : {}
}

/** `device` of run.json for a device of the queue; the number is in CUDA_VISIBLE_DEVICES. */
export function configDevice(device: string): 'cpu' | 'cuda' | 'mps' {
  if (device.startsWith('cuda')) return 'cuda'
  return device === 'mps' ? 'mps' : 'cpu'
}
