import path from 'node:path'
import { z } from 'zod'

/** The only place that reads `process.env`: everything else imports the checked result. */
const Environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  REFBOX_DATA: z.string().min(1).default('./data'),
  REFBOX_PYTHON: z.string().min(1).optional(),
  /** Set by npm: the folder that `npm run` was typed in. */
  INIT_CWD: z.string().min(1).optional(),
  NODE_ENV: z.enum(['development', 'production', 'test']).default('production'),
})

const parsed = Environment.safeParse(process.env)
if (!parsed.success) {
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`Environment variables are wrong. ${problems.join('; ')}`)
}

/** Root of the checkout: every script, the web process and the worker start there. */
export const ROOT = process.cwd()

export const env = {
  host: parsed.data.HOST,
  port: parsed.data.PORT,
  dataDir: path.resolve(ROOT, parsed.data.REFBOX_DATA),
  /** Interpreter of the trainer: the caller's own, or the environment made by `npm run setup`. */
  python: parsed.data.REFBOX_PYTHON ?? environmentPython(),
  mode: parsed.data.NODE_ENV,
  /** Where the person on the command line is; npm itself always starts scripts in the checkout. */
  callerDir: parsed.data.INIT_CWD ?? ROOT,
} as const

/** Joined from pieces on purpose: the bundler follows `path.join` and fails on the environment's links. */
function environmentPython(): string {
  const inside = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']
  return [ROOT, 'trainer', '.venv', ...inside].join(path.sep)
}

/** The variables that a child process may see; everything else stays here (tokens, secrets). */
export function environmentSubset(allowed: (name: string) => boolean): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => allowed(name))
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}
