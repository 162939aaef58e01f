'use client'

import { useTranslations } from 'next-intl'
import { Select } from '../ui/select.tsx'
import { Switch } from '../ui/switch.tsx'
import { expressionsOf, type ReviewFilter, type ReviewSample, SORT_ORDERS } from './scored-sample.ts'

/** Longest list of expressions to choose from; free phrases are often asked once only. */
const MOST_EXPRESSIONS = 200
const ALL = 'all'

export interface FilterBarProps {
  samples: readonly ReviewSample[]
  filter: ReviewFilter
  onFilter: (filter: ReviewFilter) => void
}

/** Order of the list, and what is left out of it. */
export function FilterBar({ samples, filter, onFilter }: FilterBarProps) {
  const t = useTranslations('review.filter')
  // Values are places in this list: an expression may be any text, also the word for all.
  const expressions = expressionsOf(samples).slice(0, MOST_EXPRESSIONS)
  const chosen = expressions.findIndex(({ expression }) => expression === filter.expression)
  return (
    <div className="flex flex-col gap-2 border-border border-b p-2">
      <Select
        aria-label={t('sort')}
        value={filter.sort}
        onValueChange={(sort) => onFilter({ ...filter, sort })}
        options={SORT_ORDERS.map((value) => ({ value, label: t(`orders.${value}`) }))}
      />
      <Select
        aria-label={t('expression')}
        value={chosen < 0 ? ALL : String(chosen)}
        onValueChange={(value) =>
          onFilter({ ...filter, expression: expressions[Number(value)]?.expression ?? null })
        }
        options={[
          { value: ALL, label: t('allExpressions') },
          ...expressions.map(({ expression, count }, index) => ({
            value: String(index),
            label: t('expressionCount', { expression, count }),
          })),
        ]}
      />
      <Switch
        checked={filter.onlyDisagreements}
        onCheckedChange={(onlyDisagreements) => onFilter({ ...filter, onlyDisagreements })}
        label={t('onlyDisagreements')}
      />
    </div>
  )
}
