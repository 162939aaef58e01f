import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'server/**/*.test.ts',
      'components/**/*.test.ts',
      'scripts/**/*.test.ts',
      'app/**/*.test.ts',
      'simulation/**/*.test.ts',
    ],
    environment: 'node',
    // Two workers: the suite must run on a laptop beside the trainer's own tests.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
  resolve: { alias: { '@': import.meta.dirname, 'server-only': `${import.meta.dirname}/scripts/empty.mjs` } },
})
