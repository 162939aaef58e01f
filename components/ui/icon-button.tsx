'use client'

import type { ReactNode } from 'react'
import { type ButtonProps, type ButtonSize, buttonClasses } from './button.tsx'
import { cn } from './cn.ts'
import { Spinner } from './spinner.tsx'
import { Tooltip } from './tooltip.tsx'

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon' | 'asChild'> {
  /** Accessible name and tooltip in one: an icon alone says nothing. */
  label: string
  icon: ReactNode
  /** As `Kbd` takes it, shown in the tooltip. */
  shortcut?: string
  tooltipSide?: 'top' | 'right' | 'bottom' | 'left'
  /** For toggles. */
  pressed?: boolean
}

const SQUARE: Record<ButtonSize, string> = { sm: 'w-6 px-0', md: 'w-7 px-0', lg: 'w-9 px-0' }

export function IconButton({
  label,
  icon,
  shortcut,
  tooltipSide = 'bottom',
  pressed,
  variant = 'ghost',
  size = 'md',
  busy = false,
  disabled,
  className,
  type = 'button',
  ...props
}: IconButtonProps) {
  return (
    <Tooltip content={label} shortcut={shortcut} side={tooltipSide}>
      <button
        type={type}
        aria-label={label}
        aria-pressed={pressed}
        aria-busy={busy || undefined}
        disabled={disabled || busy}
        className={cn(
          buttonClasses(variant, size),
          SQUARE[size],
          pressed && 'bg-accent-soft text-accent hover:bg-accent-soft',
          className,
        )}
        {...props}
      >
        {busy ? <Spinner /> : icon}
      </button>
    </Tooltip>
  )
}
