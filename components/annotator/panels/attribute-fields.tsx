'use client'

import { TriangleAlert, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, type RefObject, useMemo } from 'react'
import type { BoxId } from '../../../server/contracts/ids.ts'
import { type AttributeValue, valueProblem } from '../../../server/grounding/attributes.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import {
  type AttributeField,
  attributeFields,
  setAttribute,
  type UndefinedValue,
  undefinedValues,
} from '../document/attributes.ts'
import { isLocked } from '../document/guards.ts'
import type { Editor } from '../editor/editor.ts'
import { useEditor } from '../editor/use-editor.ts'
import { AttributeControl } from './attribute-control.tsx'

export interface AttributeFieldsProps {
  editor: Editor
  ids: readonly BoxId[]
  /** Where a key puts the focus. */
  fieldsRef: RefObject<HTMLFieldSetElement | null>
  /** Escape: the keyboard belongs to the canvas again. */
  onLeave: () => void
}

/** What is said of the selected boxes besides their expression: a field for each attribute that is asked of them. */
export function AttributeFields({ editor, ids, fieldsRef, onLeave }: AttributeFieldsProps) {
  const t = useTranslations('annotator.attributes')
  const doc = useEditor(editor, (state) => state.doc)
  const attributes = useEditor(editor, (state) => state.attributes)
  const guards = useEditor(editor, (state) => state.guards)
  const readOnly = useEditor(editor, (state) => state.readOnly)
  const boxes = useMemo(() => ids.flatMap((id) => doc.boxes.get(id) ?? []), [doc, ids])
  const fields = useMemo(() => attributeFields(doc, boxes, attributes), [doc, boxes, attributes])
  const others = useMemo(() => undefinedValues(boxes, attributes), [boxes, attributes])
  if (fields.length === 0 && others.length === 0) return null

  const free = new Set(boxes.filter((box) => !isLocked(guards, doc, box)).map((box) => box.id))
  const set = (name: string, of: readonly BoxId[], value: AttributeValue | undefined) => {
    const wanted = of.filter((id) => free.has(id))
    editor.commit('attribute', setAttribute(editor.getState().doc, wanted, name, value))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.defaultPrevented) onLeave()
  }
  return (
    <fieldset
      ref={fieldsRef}
      disabled={readOnly || free.size === 0}
      aria-label={t('title')}
      onKeyDown={onKeyDown}
      className="flex max-h-48 flex-col gap-1 overflow-y-auto px-3 pb-3"
    >
      {fields.map((field) => (
        <FieldRow
          key={field.attribute.id}
          field={field}
          asked={boxes.length}
          onChange={(value) => set(field.attribute.name, field.ids, value)}
        />
      ))}
      {others.map((other) => (
        <UndefinedRow key={other.name} other={other} onRemove={() => set(other.name, other.ids, undefined)} />
      ))}
    </fieldset>
  )
}

interface FieldRowProps {
  field: AttributeField
  /** Boxes that are selected. */
  asked: number
  onChange: (value: AttributeValue | undefined) => void
}

function FieldRow({ field, asked, onChange }: FieldRowProps) {
  const t = useTranslations('annotator.attributes')
  const { attribute, value, isMixed, ids } = field
  const { name, rule } = attribute
  const problem = value === undefined ? null : valueProblem(rule, value)
  const isMissing = rule.required && value === undefined && !isMixed
  return (
    <div className="flex flex-col">
      <div className="grid grid-cols-[minmax(4rem,2fr)_3fr] items-center gap-2">
        {/* Beside the field, also where a refusal stands under it. */}
        <span className="self-start truncate text-muted text-sm leading-6" title={name}>
          {name}
          {rule.required && (
            <span aria-hidden className={isMissing ? 'text-warning' : undefined}>
              {' *'}
            </span>
          )}
          {ids.length < asked && <span className="text-faint"> · {t('of', { count: ids.length })}</span>}
        </span>
        <AttributeControl
          key={`${ids.length} ${ids[0]}`}
          name={name}
          rule={rule}
          value={value}
          isMixed={isMixed}
          onChange={onChange}
        />
      </div>
      {(problem || isMissing) && (
        <p className="flex items-center gap-1 text-sm text-warning [&_svg]:size-3.5 [&_svg]:shrink-0">
          <TriangleAlert aria-hidden />
          {problem ? t(`problems.${problem}`, { value: String(value) }) : t('missing')}
        </p>
      )}
    </div>
  )
}

function UndefinedRow({ other, onRemove }: { other: UndefinedValue; onRemove: () => void }) {
  const t = useTranslations('annotator.attributes')
  const shown = other.values.slice(0, 3).map(String).join(', ')
  return (
    <div className="flex items-center gap-2 text-muted text-sm">
      <span className="min-w-0 flex-1 truncate" title={t('undefinedHint')}>
        {t('undefined', { name: other.name, value: other.values.length > 3 ? `${shown}…` : shown })}
      </span>
      <IconButton size="sm" icon={<X />} label={t('remove', { name: other.name })} onClick={onRemove} />
    </div>
  )
}
