'use client'

import { useTranslations } from 'next-intl'
import { type KeyboardEvent, useState } from 'react'
import { ATTRIBUTE_TEXT_LIMIT, type AttributeRule } from '../../../server/contracts/attribute.ts'
import { type AttributeValue, valueProblem } from '../../../server/grounding/attributes.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Input } from '../../ui/input.tsx'
import { Select } from '../../ui/select.tsx'

export interface AttributeControlProps {
  name: string
  rule: AttributeRule
  value: AttributeValue | undefined
  /** Boxes with different values; what is entered becomes the value of all of them. */
  isMixed: boolean
  onChange: (value: AttributeValue | undefined) => void
}

/** Radix has no empty value; names of options are trimmed, so this is none. */
const NOTHING = ' '

/** One attribute as its kind is entered. What does not fit is refused with words and never leaves the field. */
export function AttributeControl({ name, rule, value, isMixed, onChange }: AttributeControlProps) {
  const t = useTranslations('annotator.attributes')
  switch (rule.kind) {
    case 'select': {
      const isOdd = value !== undefined && !rule.options.some((option) => option === value)
      return (
        <Select
          size="sm"
          aria-label={name}
          value={value === undefined ? (isMixed ? undefined : NOTHING) : String(value)}
          placeholder={t('several')}
          onValueChange={(next) => onChange(next === NOTHING ? undefined : next)}
          options={[
            { value: NOTHING, label: '—' },
            ...rule.options.map((option) => ({ value: option, label: option })),
            ...(isOdd ? [{ value: String(value), label: String(value), disabled: true }] : []),
          ]}
        />
      )
    }
    case 'checkbox':
      return (
        <Checkbox
          aria-label={name}
          label={isMixed ? t('several') : value === undefined ? t('open') : null}
          checked={isMixed ? 'indeterminate' : value === true}
          onCheckedChange={onChange}
        />
      )
    case 'number':
    case 'text':
      return <TypedControl name={name} rule={rule} value={value} isMixed={isMixed} onChange={onChange} />
  }
}

/** Shows the value until somebody types; Enter or leaving the field applies, Escape forgets. */
function TypedControl({ name, rule, value, isMixed, onChange }: AttributeControlProps) {
  const t = useTranslations('annotator.attributes')
  const [typed, setTyped] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)

  const apply = (): boolean => {
    if (typed === null) return true
    const read = readTyped(rule, typed)
    if (read === null) {
      setProblem(t('notANumber'))
      return false
    }
    const code = read.value === undefined ? null : valueProblem(rule, read.value)
    if (code) {
      setProblem(refusal(code))
      return false
    }
    setTyped(null)
    setProblem(null)
    onChange(read.value)
    return true
  }
  const refusal = (code: NonNullable<ReturnType<typeof valueProblem>>) =>
    rule.kind === 'number'
      ? t('range', {
          min: rule.min ?? '−∞',
          max: rule.max ?? '∞',
          step: rule.step ?? 0,
          unit: rule.unit || 'none',
        })
      : t(`problems.${code}`, { value: typed ?? '' })
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') apply()
    if (event.key === 'Escape' && typed !== null) {
      event.preventDefault()
      setTyped(null)
      setProblem(null)
    }
  }
  const shown = value === undefined ? '' : String(value)
  return (
    <span className="flex min-w-0 flex-col">
      <span className="flex items-center gap-1">
        <Input
          size="sm"
          aria-label={name}
          aria-invalid={problem !== null || undefined}
          inputMode={rule.kind === 'number' ? 'decimal' : undefined}
          maxLength={ATTRIBUTE_TEXT_LIMIT}
          placeholder={isMixed ? t('several') : undefined}
          value={typed ?? shown}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={apply}
        />
        {rule.kind === 'number' && rule.unit && (
          <span className="shrink-0 text-muted text-sm">{rule.unit}</span>
        )}
      </span>
      {problem && (
        <span role="alert" className="text-danger text-sm">
          {problem}
        </span>
      )}
    </span>
  )
}

/** Null = it is no number. An empty field takes the value away. */
function readTyped(rule: AttributeRule, typed: string): { value: AttributeValue | undefined } | null {
  const text = typed.trim()
  if (text === '') return { value: undefined }
  if (rule.kind !== 'number') return { value: text }
  const number = Number(text.replace(',', '.'))
  return Number.isFinite(number) ? { value: number } : null
}
