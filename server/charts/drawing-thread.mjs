// `--import tsx` takes no part in threads: each has to ask for TypeScript itself.

import { register } from 'tsx/esm/api'

register()
await import('./drawing-thread.ts')
