import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import type { SchemaEngine } from '@prisma/schema-engine-wasm'
import { databaseAdapter } from './client.ts'

type Glue = typeof import('@prisma/schema-engine-wasm/schema_engine_bg')

/** Instantiated once a process: the glue caches views of the first instance's memory. */
let loading: Promise<Glue> | undefined

/**
 * Prisma's schema engine as WebAssembly. The command line tool wants to download a native one, which
 * fails on an air-gapped server; this one comes with the npm package.
 */
export async function schemaEngine(databaseFile: string, schema: string): Promise<SchemaEngine> {
  loading ??= loadEngine()
  const glue = await loading
  const adapter = bindMigrationAwareSqlAdapterFactory(adapterFor(databaseFile))
  return glue.SchemaEngine.new({ datamodels: [['schema.prisma', schema]] }, () => undefined, adapter)
}

/**
 * To compare migrations with a schema, the engine replays them on a database in memory, each whole file as one
 * query. libsql runs the first statement of a query and silently leaves the others; as a script all of them run.
 */
function adapterFor(databaseFile: string): ReturnType<typeof databaseAdapter> {
  const adapter = databaseAdapter(databaseFile)
  const connect = adapter.connectToShadowDb.bind(adapter)
  adapter.connectToShadowDb = async () => {
    const shadow = await connect()
    const executeRaw = shadow.executeRaw.bind(shadow)
    shadow.executeRaw = async (query) => {
      if (query.args.length > 0) return executeRaw(query)
      await shadow.executeScript(query.sql)
      return 0
    }
    return shadow
  }
  return adapter
}

/** The package's entry point imports the .wasm as a module, which Node cannot do without a flag. */
async function loadEngine(): Promise<Glue> {
  const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const glueFile = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const binary = await readFile(glueFile.replace(/\.js$/, '.wasm'))
  const { instance } = await WebAssembly.instantiate(binary, {
    './schema_engine_bg.js': glue as unknown as WebAssembly.ModuleImports,
  })
  glue.__wbg_set_wasm(instance.exports)
  const start = instance.exports.__wbindgen_start
  if (typeof start === 'function') start()
  return glue
}
