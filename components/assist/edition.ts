import type { BrowserBundle } from '../../server/contracts/browser-bundle.ts'

type Backend = BrowserBundle['editions'][number]['suited_to'][number]

/** Up to here exact weights cost little time to fetch, and 8-bit products bring no speed to matrices this small. */
const SMALL_BYTES = 200_000_000

/**
 * The manifest as if the bundle held one edition only: the one that suits a backend best. Small models run as
 * they are; of large ones the smallest edition that is fast there.
 */
export function withOneEdition(manifest: BrowserBundle, backend: Backend): BrowserBundle {
  const [first] = manifest.editions
  if (!first) return manifest
  const suited = manifest.editions.filter((edition) => edition.suited_to.includes(backend))
  const exact = suited.find((edition) => edition.dtype === 'fp32' && edition.bytes <= SMALL_BYTES)
  const [smallest] = suited.toSorted((one, other) => one.bytes - other.bytes)
  const chosen = exact ?? smallest ?? first
  const left = new Set(manifest.editions.flatMap(({ files }) => files))
  for (const file of chosen.files) left.delete(file)
  return {
    ...manifest,
    editions: [chosen],
    files: manifest.files.filter(({ file }) => !left.has(file)),
    self_test: { ...manifest.self_test, tolerance: chosen.self_test_tolerance },
  }
}
