'use client'

import { cn } from './cn.ts'
import { Overlay, type OverlayProps } from './overlay.tsx'

export interface DialogProps extends OverlayProps {
  size?: 'sm' | 'md' | 'lg' | 'xl'
}

const WIDTH = { sm: 'max-w-sm', md: 'max-w-lg', lg: 'max-w-3xl', xl: 'max-w-6xl' } as const

/** A question or a short form in the middle of the page. */
export function Dialog({ size = 'md', ...props }: DialogProps) {
  const panel = cn(
    size === 'xl' ? 'top-[5vh] max-h-[90vh]' : 'top-[12vh] max-h-[80vh]',
    'left-1/2 w-[calc(100vw-2rem)] -translate-x-1/2 animate-appear rounded-xl border bg-raised',
    WIDTH[size],
  )
  return <Overlay {...props} classes={{ panel, header: 'pt-4 pb-3', body: 'pt-1 pb-4' }} />
}
