import type { ImageStatus } from '../../server/contracts/image.ts'
import { cn } from '../ui/cn.ts'

/** Told by shape and colour; whoever shows it also says it in words. */
const LOOK: Record<ImageStatus, string> = {
  new: 'border-[1.5px] border-faint',
  in_work: 'bg-warning',
  done: 'bg-accent',
  accepted: 'bg-success',
  returned: 'bg-danger',
}

export function StatusDot({ status, className }: { status: ImageStatus; className?: string }) {
  return <span aria-hidden className={cn('size-2 shrink-0 rounded-full', LOOK[status], className)} />
}
