'use client'

import { X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react'
import type { Opened } from '../annotate-page/use-session.ts'
import { useStateOf } from '../annotator/editor/use-state-of.ts'
import { imagePoint } from '../annotator/geometry/points.ts'
import { reveal } from '../annotator/geometry/viewport.ts'
import type { Session } from '../annotator/sync/session.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { CommentsPanel } from './comments/comments-panel.tsx'
import { pointOfSelection } from './comments/pins.ts'
import { PinsLayer, type Placing } from './comments/pins-layer.tsx'
import { useThreads } from './comments/use-comments.ts'
import { CompareLayer } from './history/compare-layer.tsx'
import { compareStates } from './history/compared-boxes.ts'
import { HistoryPanel } from './history/history-panel.tsx'
import { type ComparedSitting, useChanges } from './history/use-history.ts'

export type PanelName = 'comments' | 'history'

export interface TeamPanels {
  shown: PanelName | null
  openThreads: number
  toggle: (panel: PanelName) => void
  showComments: () => void
  /** At the selected box, or where the next press says. */
  startComment: () => void
  overCanvas: ReactNode
  beside: ReactNode
}

const NOT_PLACING: Placing = { at: 'off' }

/** Stays open from image to image. */
let remembered: PanelName | null = null

/** What a team says and did about the open image: panels beside the canvas, pins and comparisons over it. */
export function useTeamPanels({ session, opened }: { session: Session; opened: Opened }): TeamPanels {
  const { editor } = session
  const { image, mayWrite } = opened
  const [shown, setShown] = useState(remembered)
  const [placing, setPlacing] = useStateOf<Placing>(editor, NOT_PLACING)
  const [activeThread, setActiveThread] = useStateOf<string | null>(editor, null)
  const [compared, setCompared] = useStateOf<ComparedSitting | null>(editor, null)
  const threads = useThreads(image.id).data
  const changes = useChanges(image.id, image.revision, shown === 'history' ? compared : null).data?.changes
  const comparison = useMemo(() => changes && compareStates(changes), [changes])

  const show = useCallback((panel: PanelName | null) => {
    remembered = panel
    setShown(panel)
  }, [])
  const toggle = useCallback((panel: PanelName) => show(shown === panel ? null : panel), [show, shown])
  const showComments = useCallback(() => show('comments'), [show])
  const focused = useRef<Element | null>(null)
  const startComment = useCallback(() => {
    focused.current = document.activeElement
    const point = pointOfSelection(editor.getState())
    setPlacing(point ? { at: 'writing', point } : { at: 'placing' })
  }, [editor, setPlacing])
  const place = (next: Placing) => {
    setPlacing(next)
    // The hand goes on where it was: on the canvas, for the next key, or on the panel's button.
    if (next.at === 'off' && focused.current instanceof HTMLElement) focused.current.focus()
  }
  const activate = (threadId: string) => {
    setActiveThread(threadId)
    show('comments')
    const point = threads?.find(({ id }) => id === threadId)?.point
    if (!point) return
    const { viewport, area } = editor.getState()
    const [x, y] = imagePoint(point.x, point.y)
    editor.setViewport(reveal(viewport, { x, y, width: 0, height: 0 }, area))
  }

  return {
    shown,
    openThreads: threads?.filter(({ resolvedAt }) => resolvedAt === null).length ?? 0,
    toggle,
    showComments,
    startComment,
    overCanvas: (
      <>
        {shown === 'history' && compared && comparison && (
          <CompareLayer editor={editor} boxes={comparison.boxes} />
        )}
        <PinsLayer
          editor={editor}
          imageId={image.id}
          placing={placing}
          onPlacing={place}
          active={activeThread}
          onActivate={activate}
        />
      </>
    ),
    beside: shown && (
      <Side name={shown} onClose={() => show(null)}>
        {shown === 'comments' ? (
          <CommentsPanel
            key={image.id}
            imageId={image.id}
            mayWrite={mayWrite}
            active={activeThread}
            onActivate={activate}
            onPlace={startComment}
          />
        ) : (
          <HistoryPanel
            key={image.id}
            session={session}
            imageId={image.id}
            revision={image.revision}
            mayWrite={mayWrite}
            compared={compared}
            onCompare={setCompared}
            comparison={comparison}
          />
        )}
      </Side>
    ),
  }
}

function Side({ name, onClose, children }: { name: PanelName; onClose: () => void; children: ReactNode }) {
  const t = useTranslations('team.panels')
  return (
    <aside aria-label={t(name)} className="flex w-72 shrink-0 flex-col border-border border-l bg-surface">
      <header className="flex h-8 shrink-0 items-center border-border border-b pr-1 pl-3">
        <h2 className="flex-1 font-medium text-muted text-sm">{t(name)}</h2>
        <IconButton size="sm" label={t('close')} icon={<X />} onClick={onClose} />
      </header>
      {children}
    </aside>
  )
}
