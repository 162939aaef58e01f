'use client'

import { CircleX, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { CheckProblem } from '../../server/contracts/run-events.ts'
import { cn } from '../ui/cn.ts'

/** What the trainer's check found, each with its place and what to do about it. */
export function CheckProblems({ problems }: { problems: readonly CheckProblem[] }) {
  const t = useTranslations('runs.check')
  return (
    <ul className="divide-y divide-border rounded-lg border border-border bg-surface">
      {problems.map((problem) => (
        <li key={`${problem.code} ${problem.where} ${problem.message}`} className="flex gap-2 px-3 py-2">
          <span
            className={cn(
              'mt-0.5 [&_svg]:size-4',
              problem.level === 'error' ? 'text-danger' : 'text-warning',
            )}
          >
            {problem.level === 'error' ? <CircleX /> : <TriangleAlert />}
          </span>
          <span className="min-w-0">
            <span className="block break-words">{problem.message}</span>
            {problem.what_to_do && <span className="block text-muted">{problem.what_to_do}</span>}
            {problem.where && (
              <code className="block break-all text-muted text-sm">
                {t('where', { where: problem.where })}
              </code>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}
