'use client'

import { Eye, EyeOff, Lock, LockOpen } from 'lucide-react'
import { cn } from '../../ui/cn.ts'

export interface GuardButtonProps {
  kind: 'lock' | 'hide'
  isOn: boolean
  /** Accessible name, which says what is locked or hidden. */
  label: string
  onToggle: () => void
}

const ICONS = { lock: [LockOpen, Lock], hide: [Eye, EyeOff] } as const

/** Locks or hides one line of a list: seen while it is on, or while the line is under the pointer. */
export function GuardButton({ kind, isOn, label, onToggle }: GuardButtonProps) {
  const Icon = ICONS[kind][isOn ? 1 : 0]
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={isOn}
      title={label}
      className={cn(
        'flex size-5 shrink-0 items-center justify-center rounded-sm text-muted hover:bg-active hover:text-text focus-visible:opacity-100 [&_svg]:size-3.5',
        isOn ? 'text-accent' : 'opacity-0 group-focus-within:opacity-100 group-hover:opacity-100',
      )}
      onPointerDown={(event) => event.stopPropagation()}
      onClick={onToggle}
    >
      <Icon aria-hidden />
    </button>
  )
}
