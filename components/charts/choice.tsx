import type { ReactNode } from 'react'

/** A heading over controls that name themselves. */
export function Choice({ label, children }: { label: string; children: ReactNode }) {
  return (
    <fieldset className="flex flex-col items-start gap-1.5">
      <legend className="mb-1.5 font-medium">{label}</legend>
      {children}
    </fieldset>
  )
}
