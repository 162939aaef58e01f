'use client'

import { Check, ChevronDown } from 'lucide-react'
import { Select as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'
import { useFieldControl } from './field.tsx'
import { CONTROL_CLASSES } from './input.tsx'

export interface SelectOption<Value extends string = string> {
  value: Value
  label: ReactNode
  /** A second, quieter line. */
  hint?: ReactNode
  disabled?: boolean
}

export interface SelectProps<Value extends string> {
  value: Value | undefined
  onValueChange: (value: Value) => void
  options: readonly SelectOption<Value>[]
  placeholder?: string
  size?: 'sm' | 'md' | 'lg'
  disabled?: boolean
  className?: string
  /** Needed when no Field labels it. */
  'aria-label'?: string
}

const SIZE = { sm: 'h-6 pl-2 pr-1 text-sm', md: 'h-7 pl-2 pr-1.5', lg: 'h-9 pl-3 pr-2 text-md' } as const

export function Select<Value extends string>({
  value,
  onValueChange,
  options,
  placeholder,
  size = 'md',
  disabled,
  className,
  'aria-label': ariaLabel,
}: SelectProps<Value>) {
  return (
    <Primitive.Root
      value={value ?? ''}
      onValueChange={(next) => onValueChange(next as Value)}
      disabled={disabled}
    >
      <Primitive.Trigger
        {...useFieldControl()}
        aria-label={ariaLabel}
        className={cn(
          CONTROL_CLASSES,
          'inline-flex items-center justify-between gap-1 text-left data-placeholder:text-faint',
          SIZE[size],
          className,
        )}
      >
        <span className="truncate">
          <Primitive.Value placeholder={placeholder} />
        </span>
        <ChevronDown aria-hidden className="size-3.5 shrink-0 text-muted" />
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="z-60 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) animate-rise overflow-hidden rounded-lg border border-border bg-raised p-1 shadow-raised"
        >
          <Primitive.Viewport>
            {options.map((option) => (
              <Primitive.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled}
                className="relative flex cursor-default flex-col rounded-md py-1 pr-7 pl-2 outline-none select-none data-disabled:opacity-50 data-highlighted:bg-hover"
              >
                <Primitive.ItemText>{option.label}</Primitive.ItemText>
                {option.hint && <span className="text-sm text-muted">{option.hint}</span>}
                <Primitive.ItemIndicator className="absolute top-1.5 right-2">
                  <Check aria-hidden className="size-4 text-accent" />
                </Primitive.ItemIndicator>
              </Primitive.Item>
            ))}
          </Primitive.Viewport>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
