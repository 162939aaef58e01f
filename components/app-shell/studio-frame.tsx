'use client'

import { Search } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { type ReactNode, useMemo, useState } from 'react'
import { SessionDialog } from '../auth/session-dialog.tsx'
import { LANGUAGE_SWITCH, useLanguage } from '../i18n/use-language.ts'
import { Button } from '../ui/button.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { UploadPanel } from '../uploads/upload-panel.tsx'
import { useRegisteredActions } from './actions.ts'
import { CommandPalette } from './command-palette.tsx'
import { Logo } from './logo.tsx'
import { ProjectSwitcher } from './project-switcher.tsx'
import { ShortcutSheet } from './shortcut-sheet.tsx'
import { useFrameActions } from './use-frame-actions.tsx'
import { useShortcuts } from './use-shortcuts.ts'
import { UserMenu } from './user-menu.tsx'

export interface StudioFrameProps {
  /** Inside a project: shows the switcher. */
  projectId?: string
  tabs?: ReactNode
  children: ReactNode
}

/** One header over everything; the page below fills the rest of the window and scrolls by itself. */
export function StudioFrame({ projectId, tabs, children }: StudioFrameProps) {
  const t = useTranslations('common')
  const language = useLanguage()
  const [open, setOpen] = useState<'palette' | 'shortcuts' | null>(null)
  const frameActions = useFrameActions(projectId, setOpen)
  const pageActions = useRegisteredActions()
  const actions = useMemo(() => [...pageActions, ...frameActions], [frameActions, pageActions])
  useShortcuts(actions)

  return (
    <div className="flex h-full flex-col">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-60 focus:rounded-md focus:bg-raised focus:px-3 focus:py-1"
      >
        {t('header.skip')}
      </a>
      <header className="flex h-11 shrink-0 items-center gap-2 border-border border-b bg-surface px-3">
        <Link href="/" aria-label={t('header.allProjects')} className="rounded-md p-1">
          <Logo />
        </Link>
        {projectId ? (
          <ProjectSwitcher projectId={projectId} />
        ) : (
          <span className="font-semibold">{t('product')}</span>
        )}
        {tabs}
        <span className="flex-1" />
        <Button variant="ghost" className="text-muted" icon={<Search />} onClick={() => setOpen('palette')}>
          <span className="sr-only">{t('header.palette')}</span>
          <Kbd keys="mod+k" />
        </Button>
        <Tooltip content={t('header.language')}>
          <Button
            variant="ghost"
            className="px-1.5 text-muted"
            busy={language.pending}
            onClick={() => language.change(language.locale === 'en' ? 'zh' : 'en')}
          >
            {LANGUAGE_SWITCH}
            <span className="sr-only">{t('header.language')}</span>
          </Button>
        </Tooltip>
        <UserMenu onShortcuts={() => setOpen('shortcuts')} />
      </header>
      <main id="content" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
        {children}
      </main>
      <CommandPalette
        projectId={projectId}
        open={open === 'palette'}
        onOpenChange={(next) => setOpen(next ? 'palette' : null)}
        actions={actions}
      />
      <ShortcutSheet
        open={open === 'shortcuts'}
        onOpenChange={(next) => setOpen(next ? 'shortcuts' : null)}
        actions={actions}
      />
      <SessionDialog />
      <UploadPanel />
    </div>
  )
}
