'use client'

import { createContext, type ReactNode, useContext, useId, useMemo } from 'react'
import { cn } from './cn.ts'

interface FieldControl {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
}

const FieldContext = createContext<FieldControl | null>(null)

/** Attributes that tie a control to the Field around it; nothing when it stands alone. */
export function useFieldControl(): Partial<FieldControl> {
  return useContext(FieldContext) ?? {}
}

export interface FieldProps {
  label: ReactNode
  hint?: ReactNode
  /** What is wrong and what to do; replaces the hint. */
  error?: ReactNode
  className?: string
  /** One control of this kit: Input, Textarea, Select, Combobox. */
  children: ReactNode
}

export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId()
  const noteId = `${id}-note`
  const note = error ?? hint
  const control = useMemo<FieldControl>(
    () => ({
      id,
      'aria-describedby': note ? noteId : undefined,
      'aria-invalid': error ? true : undefined,
    }),
    [id, noteId, note, error],
  )
  return (
    <div className={cn('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <FieldContext value={control}>{children}</FieldContext>
      {note && (
        <p
          id={noteId}
          role={error ? 'alert' : undefined}
          className={cn('text-sm', error ? 'text-danger' : 'text-muted')}
        >
          {note}
        </p>
      )}
    </div>
  )
}
