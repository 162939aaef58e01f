import { type ClassValue, clsx } from 'clsx'
import { extendTailwindMerge } from 'tailwind-merge'

/** `text-md` is a size of ours; without this the merge would take it for a colour. */
const merge = extendTailwindMerge({ extend: { theme: { text: ['md'] } } })

/** Joins class names; a later utility wins over an earlier one of the same kind. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes))
}
