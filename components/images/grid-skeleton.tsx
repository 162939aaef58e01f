import { Skeleton } from '../ui/skeleton.tsx'

/** Stands for the grid until the first page is there. */
export function GridSkeleton() {
  return (
    <div
      aria-busy
      className="grid h-full grid-cols-[repeat(auto-fill,minmax(10.5rem,1fr))] content-start gap-3 overflow-hidden p-4"
    >
      {Array.from({ length: 40 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders are all alike
        <Skeleton key={index} className="h-38" />
      ))}
    </div>
  )
}
