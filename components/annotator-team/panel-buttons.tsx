'use client'

import { History, MessageSquare } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useKeymap } from '../annotator/keymap/use-keymap.ts'
import { IconButton } from '../ui/icon-button.tsx'
import type { TeamPanels } from './use-team-panels.tsx'

/** Open and close what stands beside the canvas. */
export function PanelButtons({ panels }: { panels: TeamPanels }) {
  const t = useTranslations('team.panels')
  const keymap = useKeymap()
  const { shown, openThreads, toggle } = panels
  return (
    <>
      <span className="relative">
        <IconButton
          label={openThreads > 0 ? t('openComments', { count: openThreads }) : t('comments')}
          shortcut={keymap.get('toggleComments')?.[0]}
          icon={<MessageSquare />}
          pressed={shown === 'comments'}
          onClick={() => toggle('comments')}
        />
        {openThreads > 0 && (
          <span
            aria-hidden
            className="pointer-events-none absolute -top-0.5 -right-0.5 grid h-3.5 min-w-3.5 place-items-center rounded-full bg-danger px-0.5 font-semibold text-[9px] text-on-accent leading-none tabular-nums"
          >
            {openThreads}
          </span>
        )}
      </span>
      <IconButton
        label={t('history')}
        shortcut={keymap.get('toggleHistory')?.[0]}
        icon={<History />}
        pressed={shown === 'history'}
        onClick={() => toggle('history')}
      />
    </>
  )
}
