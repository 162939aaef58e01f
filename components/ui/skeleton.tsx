import { cn } from './cn.ts'

/** A grey block in the shape of what will come; give it width and height. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn('animate-pulse rounded-md bg-active', className)} />
}
