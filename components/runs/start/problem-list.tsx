'use client'

import { CircleX, Info, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { RunProblem } from '../../../server/contracts/run-preview.ts'
import { cn } from '../../ui/cn.ts'
import { useAmounts } from '../use-amounts.ts'

const LOOK = {
  error: { icon: <CircleX />, colour: 'text-danger' },
  warning: { icon: <TriangleAlert />, colour: 'text-warning' },
  info: { icon: <Info />, colour: 'text-muted' },
} as const

/** The problems of one part of the sheet, where the part is. */
export function ProblemList({
  problems,
  field,
}: {
  problems: readonly RunProblem[]
  field: RunProblem['field']
}) {
  const t = useTranslations('runs.problems')
  const { bytes } = useAmounts()
  const here = problems.filter((problem) => problem.field === field)
  if (here.length === 0) return null
  return (
    <ul className="mt-1.5 space-y-1">
      {here.map(({ code, level, values }) => (
        <li
          key={code}
          role={level === 'error' ? 'alert' : undefined}
          className={cn(
            'flex gap-1.5 text-sm [&_svg]:mt-0.5 [&_svg]:size-3.5 [&_svg]:shrink-0',
            LOOK[level].colour,
          )}
        >
          {LOOK[level].icon}
          {t(code, inWords(values, bytes))}
        </li>
      ))}
    </ul>
  )
}

/** Amounts of memory and disk come in bytes. */
function inWords(
  values: RunProblem['values'],
  bytes: (value: number) => string,
): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      (name === 'needed' || name === 'available') && typeof value === 'number' ? bytes(value) : value,
    ]),
  )
}
