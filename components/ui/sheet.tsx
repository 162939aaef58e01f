'use client'

import { cn } from './cn.ts'
import { Overlay, type OverlayProps } from './overlay.tsx'

export interface SheetProps extends OverlayProps {
  size?: 'md' | 'lg'
}

const WIDTH = { md: 'max-w-md', lg: 'max-w-2xl' } as const

/** A panel over the right edge for work that needs the page behind it in mind. */
export function Sheet({ size = 'md', ...props }: SheetProps) {
  const panel = cn('inset-y-0 right-0 w-full animate-slide-in border-l bg-surface', WIDTH[size])
  return <Overlay {...props} classes={{ panel, header: 'border-b py-3', body: 'py-4' }} />
}
