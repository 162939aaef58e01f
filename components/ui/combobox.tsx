'use client'

import { Command } from 'cmdk'
import { Check, ChevronsUpDown } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import { cn } from './cn.ts'
import { useFieldControl } from './field.tsx'
import { CONTROL_CLASSES } from './input.tsx'

export interface ComboboxOption {
  value: string
  label: string
  hint?: string
}

export interface ComboboxProps {
  value: string | undefined
  onValueChange: (value: string) => void
  options: readonly ComboboxOption[]
  placeholder?: string
  /** Shown when nothing matches. */
  emptyText?: string
  className?: string
  disabled?: boolean
  'aria-label'?: string
}

/** A select with a search box, for lists that are too long to look through. */
export function Combobox({
  value,
  onValueChange,
  options,
  placeholder,
  emptyText,
  className,
  disabled,
  'aria-label': ariaLabel,
}: ComboboxProps) {
  const t = useTranslations('common')
  const [open, setOpen] = useState(false)
  const chosen = options.find((option) => option.value === value)
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        {...useFieldControl()}
        type="button"
        disabled={disabled}
        aria-label={ariaLabel}
        className={cn(
          CONTROL_CLASSES,
          'inline-flex h-7 items-center justify-between gap-1 pr-1.5 pl-2 text-left',
          className,
        )}
      >
        <span className={cn('truncate', !chosen && 'text-faint')}>{chosen?.label ?? placeholder}</span>
        <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-muted" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className="z-60 w-(--radix-popover-trigger-width) min-w-52 animate-rise rounded-lg border border-border bg-raised shadow-raised"
        >
          <Command label={ariaLabel ?? placeholder ?? t('search')}>
            <Command.Input
              placeholder={t('search')}
              className="h-8 w-full border-border border-b bg-transparent px-3 outline-none"
            />
            <Command.List className="max-h-72 overflow-y-auto p-1">
              <Command.Empty className="px-2 py-3 text-muted">{emptyText ?? t('nothingFound')}</Command.Empty>
              {options.map((option) => (
                <Command.Item
                  key={option.value}
                  value={option.value}
                  keywords={[option.label]}
                  onSelect={() => {
                    onValueChange(option.value)
                    setOpen(false)
                  }}
                  className="flex items-center gap-2 rounded-md px-2 py-1 data-[selected=true]:bg-hover"
                >
                  <span className="min-w-0 flex-1 truncate">{option.label}</span>
                  {option.hint && <span className="text-sm text-muted">{option.hint}</span>}
                  {option.value === value && <Check aria-hidden className="size-4 text-accent" />}
                </Command.Item>
              ))}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
