'use client'

import { X } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import { useEffect } from 'react'
import { IconButton } from '../../ui/icon-button.tsx'
import type { Editor } from '../editor/editor.ts'
import type { Notice } from '../editor/state.ts'
import { useEditor } from '../editor/use-editor.ts'
import { useKeyNames } from '../keymap/use-keymap.ts'

const SHOWN_MS = 6_000

/** What just happened out of sight, or why what one tried did not happen; over the lower edge of the canvas. */
export function NoticePill({ editor }: { editor: Editor }) {
  const t = useTranslations('annotator.notices')
  const words = useNoticeWords()
  const notice = useEditor(editor, (state) => state.notice)
  useEffect(() => {
    if (!notice) return
    const timer = setTimeout(() => editor.notify(null), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [notice, editor])
  return (
    <div role="status" className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center px-4">
      {notice && (
        <p className="pointer-events-auto flex animate-rise items-center gap-2 rounded-lg border border-border bg-raised py-1 pr-1 pl-3 shadow-raised">
          {words(notice)}
          <IconButton size="sm" label={t('dismiss')} icon={<X />} onClick={() => editor.notify(null)} />
        </p>
      )}
    </div>
  )
}

function useNoticeWords(): (notice: Notice) => string {
  const t = useTranslations('annotator.notices')
  const format = useFormatter()
  const key = useKeyNames()
  const pixels = (value: number) => format.number(value, { maximumFractionDigits: 1 })
  return (notice) => {
    switch (notice.code) {
      case 'tooSmall':
        return t('tooSmall', { width: pixels(notice.smallest.width), height: pixels(notice.smallest.height) })
      case 'hasBoxes':
      case 'alreadyHere':
        return t(notice.code, { text: notice.text })
      case 'copied':
      case 'cut':
        return t(notice.code, { count: notice.count })
      case 'found': {
        const { code, ...counts } = notice
        return t(code, { ...counts, accept: key('acceptSuggestion'), reject: key('rejectSuggestion') })
      }
      case 'pasted':
      case 'copiedFromPrevious':
        return t(notice.code, { count: notice.count, refused: notice.refused })
      default:
        return t(notice.code)
    }
  }
}
