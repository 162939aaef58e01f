'use client'

import { useTranslations } from 'next-intl'
import { memo, useMemo } from 'react'
import { attributeWarnings } from '../document/attributes.ts'
import { boxCounts } from '../document/doc.ts'
import { hidesAny, isHidden, NO_GUARDS } from '../document/guards.ts'
import type { Editor } from '../editor/editor.ts'
import { useEditor } from '../editor/use-editor.ts'
import { useSettled } from '../editor/use-settled.ts'
import { ceilingOf, LOW_CEILING } from './ceiling.ts'

export const StatusBar = memo(function StatusBar({ editor, revision }: { editor: Editor; revision: number }) {
  const t = useTranslations('annotator.status')
  const doc = useEditor(editor, (state) => state.doc)
  const view = useEditor(editor, (state) => state.view)
  const turn = useEditor(editor, (state) => state.viewport.turn)
  const guards = useEditor(editor, (state) => state.guards)
  const hidden = useMemo(() => {
    if (!hidesAny(guards)) return 0
    return [...doc.boxes.values()].filter((box) => isHidden(guards, doc, box)).length
  }, [doc, guards])
  return (
    <footer
      data-numeric
      className="flex h-7 shrink-0 items-center gap-4 overflow-hidden whitespace-nowrap border-border border-t bg-surface px-3 text-muted text-sm"
    >
      <Zoom editor={editor} />
      {turn > 0 && <span className="text-accent">{t('turned', { degrees: turn * 90 })}</span>}
      {(view.brightness !== 1 || view.contrast !== 1) && (
        <span className="text-accent">
          {t('levels', { brightness: view.brightness, contrast: view.contrast })}
        </span>
      )}
      <span>{t('boxes', { count: doc.boxes.size })}</span>
      {hidden > 0 && (
        <button
          type="button"
          className="text-accent hover:underline"
          onClick={() =>
            editor.setGuards({
              ...guards,
              hiddenBoxes: NO_GUARDS.hiddenBoxes,
              hiddenTexts: NO_GUARDS.hiddenTexts,
            })
          }
        >
          {t('hidden', { count: hidden })}
        </button>
      )}
      <Quality editor={editor} />
      <span className="flex-1" />
      <PointerPlace editor={editor} />
      <span>{t('revision', { number: revision })}</span>
    </footer>
  )
})

const SHOWN = ['doc'] as const

/** What training will make of the boxes. */
function Quality({ editor }: { editor: Editor }) {
  const t = useTranslations('annotator.status')
  const doc = useSettled(editor, SHOWN)?.doc
  const { negatives, ceiling, low } = useMemo(() => {
    if (!doc) return { negatives: 0, ceiling: 1, low: 0 }
    let [lowest, tooLow] = [1, 0]
    for (const box of doc.boxes.values()) {
      const value = ceilingOf(box, doc.image)
      lowest = Math.min(lowest, value)
      if (value < LOW_CEILING) tooLow += 1
    }
    return { negatives: doc.expressions.size - boxCounts(doc).size, ceiling: lowest, low: tooLow }
  }, [doc])
  const attributes = useEditor(editor, (state) => state.attributes)
  const { missing, unfit } = useMemo(
    () => (doc ? attributeWarnings(doc, attributes) : { missing: [], unfit: [] }),
    [doc, attributes],
  )
  return (
    <>
      {negatives > 0 && <span>{t('negatives', { count: negatives })}</span>}
      {doc && doc.boxes.size > 0 && <span>{t('ceiling', { value: ceiling })}</span>}
      {low > 0 && <span className="text-warning">{t('low', { count: low })}</span>}
      {missing.length > 0 && (
        <button type="button" className="text-warning hover:underline" onClick={() => editor.select(missing)}>
          {t('missing', { count: missing.length })}
        </button>
      )}
      {unfit.length > 0 && (
        <button type="button" className="text-warning hover:underline" onClick={() => editor.select(unfit)}>
          {t('unfit', { count: unfit.length })}
        </button>
      )}
    </>
  )
}

/** On its own, since it changes with every turn of the wheel. */
function Zoom({ editor }: { editor: Editor }) {
  const t = useTranslations('annotator.status')
  const scale = useEditor(editor, (state) => state.viewport.scale)
  return <span>{t('zoom', { percent: scale })}</span>
}

/** On its own, since it changes with every move of the pointer. */
function PointerPlace({ editor }: { editor: Editor }) {
  const pixel = useEditor(editor, ({ pointer }) =>
    pointer ? `${Math.floor(pointer[0])}, ${Math.floor(pointer[1])}` : null,
  )
  return pixel && <span>{pixel}</span>
}
