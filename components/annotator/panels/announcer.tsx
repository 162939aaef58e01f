'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { useEffect } from 'react'
import { type Announcement, announcementOf } from '../editor/announcement.ts'
import type { Editor } from '../editor/editor.ts'
import { useStateOf } from '../editor/use-state-of.ts'
import { isLarge, whenIdle } from '../editor/when-idle.ts'
import type { Rect } from '../geometry/rects.ts'

/** Says aloud what others see happen on the canvas. */
export function Announcer({ editor }: { editor: Editor }) {
  const words = useWords()
  const [said, setSaid] = useStateOf<Announcement | null>(editor, null)
  useEffect(() => {
    let before = editor.getState()
    let cancel: (() => void) | null = null
    const say = () => {
      cancel = null
      const after = editor.getState()
      // In the middle of a gesture there is nothing to say yet.
      if (after.gesture.at !== 'idle') return
      const announcement = announcementOf(before, after)
      before = after
      if (announcement) setSaid(announcement)
    }
    const unsubscribe = editor.subscribe(() => {
      if (isLarge(editor.getState())) cancel ??= whenIdle(say)
      else say()
    })
    return () => {
      unsubscribe()
      cancel?.()
    }
  }, [editor, setSaid])
  return (
    <p role="status" className="sr-only">
      {said && words(said)}
    </p>
  )
}

function useWords(): (announcement: Announcement) => string {
  const t = useTranslations('annotator.announce')
  const steps = useTranslations('annotator.steps')
  const format = useFormatter()
  const placeOf = (rect: Rect) => {
    const number = (value: number) => format.number(value, { maximumFractionDigits: 1, useGrouping: false })
    return { x: number(rect.x), y: number(rect.y), width: number(rect.width), height: number(rect.height) }
  }
  return (announcement) => {
    switch (announcement.code) {
      case 'box': {
        const { name, rect, number, total } = announcement
        return t('box', { name, number, total, ...placeOf(rect) })
      }
      case 'place':
        return t('place', placeOf(announcement.rect))
      case 'selected':
        return t('selected', { count: announcement.count })
      case 'deleted':
        return t('deleted', { left: announcement.left })
      case 'undone':
      case 'redone':
        return t(announcement.code, { step: steps(announcement.step) })
      case 'expression':
        return t('expression', { text: announcement.text })
      case 'suggestion': {
        const { name, model, rect, score, number, total } = announcement
        const sure =
          score === null ? 'none' : format.number(score, { style: 'percent', maximumFractionDigits: 0 })
        return t('suggestion', { name, model, score: sure, number, total, ...placeOf(rect) })
      }
      case 'suggestionsDone':
        return t('suggestionsDone')
      case 'deselected':
        return t('deselected')
    }
  }
}
