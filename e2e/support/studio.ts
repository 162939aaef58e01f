import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** A studio as a person starts it: `npm start`'s own script, a data folder and a port of its own. */
export class Studio {
  readonly dataDir: string
  readonly url: string
  readonly #port: number
  #process: ChildProcess | undefined
  #output = ''

  readonly #environment: Record<string, string>

  readonly #diskMib: number | undefined

  private constructor(
    dataDir: string,
    port: number,
    environment: Record<string, string>,
    diskMib: number | undefined,
  ) {
    this.dataDir = dataDir
    this.#diskMib = diskMib
    this.#port = port
    this.#environment = environment
    this.url = `http://127.0.0.1:${port}`
  }

  static async start(
    environment: Record<string, string> = {},
    { diskMib }: { diskMib?: number } = {},
  ): Promise<Studio> {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'refbox-e2e-'))
    const studio = new Studio(dataDir, await freePort(), environment, diskMib)
    await studio.start()
    return studio
  }

  /** What the start script has printed. */
  get output(): string {
    return this.#output
  }

  /** The data folder as this process reaches it: a small disk is mounted for the studio alone. */
  get dataOnDisk(): string {
    return this.#diskMib ? path.join('/proc', String(this.#process?.pid), 'root', this.dataDir) : this.dataDir
  }

  async start(): Promise<void> {
    this.#output = ''
    const [program, ...args] = this.#command()
    const child = spawn(program, args, {
      cwd: ROOT,
      env: {
        ...process.env,
        NODE_ENV: 'production',
        PORT: String(this.#port),
        REFBOX_DATA: this.dataDir,
        ...this.#environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#process = child
    return new Promise((resolve, reject) => {
      const read = (chunk: Buffer) => {
        this.#output += chunk.toString('utf8')
        if (/is ready: \S+:\d+\n/.test(this.#output)) resolve()
      }
      child.stdout.on('data', read)
      child.stderr.on('data', read)
      child.on('exit', (code) => reject(new Error(`The studio ended with code ${code}:\n${this.#output}`)))
    })
  }

  /** Ctrl+C. @returns the exit code of the start script */
  async stop(): Promise<number | null> {
    const child = this.#process
    if (!child || child.exitCode !== null) return child?.exitCode ?? null
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    child.kill('SIGINT')
    return ended
  }

  /** Kills one of the script's two processes the hard way. */
  kill(which: 'web' | 'worker'): void {
    const pid = this.#children().find(({ command }) =>
      command.includes(which === 'web' ? 'next' : 'worker.ts'),
    )?.pid
    if (!pid) throw new Error(`No ${which} process is running.`)
    process.kill(pid, 'SIGKILL')
  }

  async dispose(): Promise<void> {
    await this.stop()
    // Runs outlive the studio on purpose; a test's run must not outlive the test.
    spawnSync('pkill', ['-KILL', '-f', this.dataDir])
    rmSync(this.dataDir, { recursive: true, force: true, maxRetries: 5 })
  }

  /** A disk of a certain size is a file system in memory, in a namespace of its own: no right is needed. */
  #command(): [string, ...string[]] {
    const command: [string, string] = [process.execPath, 'scripts/start.mjs']
    if (!this.#diskMib) return command
    const mount = `mount -t tmpfs -o size=${this.#diskMib}m studio "$REFBOX_DATA" && exec "$@"`
    return ['unshare', '--map-root-user', '--mount', 'sh', '-c', mount, 'sh', ...command]
  }

  #children(): { pid: number; command: string }[] {
    const { stdout } = spawnSync('ps', ['-o', 'pid=,args=', '--ppid', String(this.#process?.pid)], {
      encoding: 'utf8',
    })
    return stdout
      .trim()
      .split('\n')
      .map((line) => /^\s*(\d+)\s+(.*)$/.exec(line))
      .flatMap((match) => (match ? [{ pid: Number(match[1]), command: match[2] ?? '' }] : []))
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') return reject(new Error('no port'))
      server.close(() => resolve(address.port))
    })
  })
}
