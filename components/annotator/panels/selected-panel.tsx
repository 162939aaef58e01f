'use client'

import { TriangleAlert } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import { type KeyboardEvent, type RefObject, useState } from 'react'
import type { Box } from '../../../server/contracts/annotation.ts'
import { normaliseBox } from '../../../server/grounding/coordinates.ts'
import { cornersOf } from '../../../server/grounding/document.ts'
import { iouCeiling } from '../../../server/grounding/rounding-ceiling.ts'
import { Input } from '../../ui/input.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { placeBoxes } from '../document/edit.ts'
import { isLocked } from '../document/guards.ts'
import type { Editor } from '../editor/editor.ts'
import { useEditor } from '../editor/use-editor.ts'
import { cropRect, type Rect, rectOf, smallestSize, survivesRounding } from '../geometry/rects.ts'
import { shownBox } from '../stage/visible-boxes.ts'
import { AttributeFields } from './attribute-fields.tsx'
import { LOW_CEILING } from './ceiling.ts'
import { Panel } from './panel.tsx'

const FIELDS = ['x', 'y', 'width', 'height'] as const

export interface SelectedPanelProps {
  editor: Editor
  attributesRef: RefObject<HTMLFieldSetElement | null>
  /** The keyboard belongs to the canvas again. */
  onLeave: () => void
}

export function SelectedPanel({ editor, attributesRef, onLeave }: SelectedPanelProps) {
  const t = useTranslations('annotator.selected')
  const selection = useEditor(editor, (state) => state.selection)
  const doc = useEditor(editor, (state) => state.doc)
  const preview = useEditor(editor, (state) => state.preview)
  const [id, ...others] = selection
  const box = id && others.length === 0 ? shownBox(doc, preview, id) : null
  const fields = (
    <AttributeFields editor={editor} ids={selection} fieldsRef={attributesRef} onLeave={onLeave} />
  )
  if (!box) {
    return selection.length > 1 ? (
      <Panel title={t('many', { count: selection.length })} className="shrink-0">
        {fields}
      </Panel>
    ) : null
  }
  const change = (field: (typeof FIELDS)[number], value: number) => {
    const rect = cropRect({ ...rectOf(box), [field]: value }, doc.image)
    if (survivesRounding(rect, doc.image)) {
      editor.commit('edit', placeBoxes(editor.getState().doc, new Map([[box.id, rect]])))
    } else editor.notify({ code: 'tooSmall', smallest: smallestSize(doc.image) })
  }
  return (
    <Panel title={t('title')} tools={<Origin box={box} />} className="shrink-0">
      <div className="flex flex-col gap-2 px-3 pb-3">
        <div className="grid grid-cols-4 gap-2">
          {FIELDS.map((field) => (
            <PixelField key={field} field={field} box={box} editor={editor} onChange={change} />
          ))}
        </div>
        <Written rect={box} image={doc.image} />
      </div>
      {fields}
    </Panel>
  )
}

function Written({ rect, image }: { rect: Rect; image: { width: number; height: number } }) {
  const t = useTranslations('annotator.selected')
  const written = normaliseBox(cornersOf(rect), image)
  const ceiling = iouCeiling(cornersOf(rect), image)
  const isLow = ceiling < LOW_CEILING
  return (
    <>
      <p className="flex items-center justify-between gap-2 text-muted text-sm">
        <output aria-label={t('written')} data-numeric className="font-mono text-text">
          {written.ok ? `[${written.box.join(', ')}]` : '—'}
        </output>
        <Tooltip content={t('ceilingHint')} side="left">
          <button type="button" className={isLow ? 'text-warning' : undefined}>
            {t('ceiling', { value: ceiling })}
          </button>
        </Tooltip>
      </p>
      {isLow && (
        <p className="flex gap-1.5 text-sm text-warning [&_svg]:mt-0.5 [&_svg]:size-3.5 [&_svg]:shrink-0">
          <TriangleAlert aria-hidden />
          {t('lowCeiling', { percent: ceiling })}
        </p>
      )}
    </>
  )
}

interface PixelFieldProps {
  field: (typeof FIELDS)[number]
  box: Box
  editor: Editor
  onChange: (field: (typeof FIELDS)[number], value: number) => void
}

/** Shows the box until somebody types; Enter or leaving the field applies, Escape forgets. */
function PixelField({ field, box, editor, onChange }: PixelFieldProps) {
  const t = useTranslations('annotator.selected')
  const format = useFormatter()
  const isFixed = useEditor(editor, (state) => state.readOnly || isLocked(state.guards, state.doc, box))
  const [typed, setTyped] = useState<string | null>(null)

  const apply = () => {
    setTyped(null)
    const value = Number(typed?.replace(',', '.'))
    if (typed?.trim() && Number.isFinite(value) && value !== box[field]) onChange(field, value)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') apply()
    if (event.key === 'Escape') setTyped(null)
  }
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: Input renders the control
    <label className="flex items-center gap-1 text-muted text-sm">
      {t(field)}
      <Input
        size="sm"
        inputMode="decimal"
        aria-label={t(`${field}Label`)}
        disabled={isFixed}
        data-numeric
        className="px-1 text-right"
        value={typed ?? format.number(box[field], { maximumFractionDigits: 2, useGrouping: false })}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={apply}
      />
    </label>
  )
}

function Origin({ box: { origin } }: { box: Box }) {
  const t = useTranslations('annotator.selected')
  const words = {
    person: () => t('byPerson'),
    sample: () => t('bySample'),
    import: () => t('byImport', { source: origin.by === 'import' ? origin.source : '' }),
    model: () => t('byModel', { model: origin.by === 'model' ? origin.model : '' }),
  }[origin.by]()
  return <span className="truncate text-faint text-xs">{words}</span>
}
