// Adds to package-lock.json the platform packages that were not on the registry it was written with. A mirror may
// carry the binaries of its own platform only; npm then leaves the others out, and `npm ci` refuses such a lock
// everywhere. Run after changing dependencies: `node scripts/complete-lock.mjs`.
import { readFileSync, writeFileSync } from 'node:fs'

const SYSTEMS = {
  linux: 'linux',
  darwin: 'darwin',
  macos: 'darwin',
  win32: 'win32',
  windows: 'win32',
  android: 'android',
  freebsd: 'freebsd',
  openbsd: 'openbsd',
  netbsd: 'netbsd',
  netbsdx: 'netbsd',
  openharmony: 'openharmony',
  sunos: 'sunos',
  aix: 'aix',
  linuxmusl: 'linux',
}
const PROCESSORS = {
  x64: 'x64',
  x86: 'ia32',
  ia32: 'ia32',
  arm64: 'arm64',
  arm: 'arm',
  riscv64: 'riscv64',
  ppc64: 'ppc64',
  ppc64le: 'ppc64',
  s390x: 's390x',
  loong64: 'loong64',
  mips64el: 'mips64el',
  wasm32: 'wasm32',
}

const file = 'package-lock.json'
const lock = JSON.parse(readFileSync(file, 'utf8'))
const added = []
for (const [place, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (`node_modules/${name}` in lock.packages || `${place}/node_modules/${name}` in lock.packages) continue
    const platform = platformOf(name)
    if (!platform) {
      console.warn(`${name}: no platform in its name; left out`)
      continue
    }
    if (!/^\d/.test(version)) throw new Error(`${name} is asked for as "${version}", not as one version`)
    lock.packages[`node_modules/${name}`] = {
      version,
      ...platform,
      ...(entry.dev ? { dev: true } : {}),
      optional: true,
    }
    added.push(`${name}@${version}`)
  }
}
const root = lock.packages['']
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
lock.packages = { '': root, ...lock.packages }
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${added.length} added${added.length > 0 ? `: ${added.join(', ')}` : ''}`)

/** Operating system, processor and C library, read from a name such as @img/sharp-linuxmusl-arm64. */
function platformOf(name) {
  const words = name.split('/').at(-1).split(/[-.]/)
  const os = words.find((word) => word in SYSTEMS)
  const cpu = words.find((word) => word in PROCESSORS)
  if (!cpu || (!os && cpu !== 'wasm32')) return null
  const musl = words.some((word) => word.includes('musl'))
  const gnu = words.some((word) => word.startsWith('gnu'))
  return {
    ...(os ? { os: [SYSTEMS[os]] } : {}),
    cpu: [PROCESSORS[cpu]],
    ...(musl ? { libc: ['musl'] } : gnu ? { libc: ['glibc'] } : {}),
  }
}
