import { Slot } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn.ts'
import { Spinner } from './spinner.tsx'

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger'
export type ButtonSize = 'sm' | 'md' | 'lg'

export interface ButtonProps extends ComponentProps<'button'> {
  variant?: ButtonVariant
  size?: ButtonSize
  /** Shows a spinner and refuses clicks, keeping the width. */
  busy?: boolean
  icon?: ReactNode
  /** Gives the looks to the only child, for links. `busy` and `icon` are not drawn then. */
  asChild?: boolean
}

const VARIANT: Record<ButtonVariant, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover',
  secondary: 'border border-border-strong bg-raised text-text hover:bg-hover data-[state=open]:bg-hover',
  ghost: 'text-text hover:bg-hover data-[state=open]:bg-active',
  danger: 'bg-danger text-on-accent hover:bg-danger-hover',
}

const SIZE: Record<ButtonSize, string> = {
  sm: 'h-6 gap-1 px-2 text-sm',
  md: 'h-7 gap-1.5 px-2.5',
  lg: 'h-9 gap-2 px-4 text-md',
}

/** Shared with IconButton, so that the two stand in one row without a step. */
export function buttonClasses(variant: ButtonVariant, size: ButtonSize): string {
  return cn(
    'inline-flex shrink-0 select-none items-center justify-center rounded-md font-medium whitespace-nowrap transition-colors duration-100',
    'disabled:pointer-events-none disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
    VARIANT[variant],
    SIZE[size],
  )
}

export function Button({
  variant = 'secondary',
  size = 'md',
  busy = false,
  icon,
  asChild = false,
  className,
  children,
  disabled,
  type = 'button',
  ...props
}: ButtonProps) {
  const classes = cn(buttonClasses(variant, size), className)
  if (asChild) {
    return (
      <Slot.Root className={classes} {...props}>
        {children}
      </Slot.Root>
    )
  }
  return (
    <button
      type={type}
      className={classes}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...props}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  )
}
