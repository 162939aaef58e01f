// `npm run setup`: everything `npm start` needs, and nothing that is there already.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkNode, SetupError } from './setup/requirements.mjs'
import { setup } from './setup/steps.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
try {
  checkNode()
  await setup(root, { say: (line) => console.log(line) })
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  console.error(error.message)
  process.exit(1)
}
