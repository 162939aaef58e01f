'use client'

import { Replace } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type ReactNode, useCallback, useMemo, useState } from 'react'
import type { ImageFilter } from '../../server/contracts/image.ts'
import { type StudioAction, useActions } from '../app-shell/actions.ts'
import { useCan } from '../app-shell/project-context.tsx'
import { isFiltered } from '../images/image-filter.ts'
import { FacetMenu } from './facet-menu.tsx'
import { LabelDialogs, type LabelTask } from './label-dialogs.tsx'
import { ReplaceDialog } from './replace-dialog.tsx'

export interface LabelTools {
  /** For the line of a class or phrase in a list; null = the person may not. */
  menuOf: ((kind: 'class' | 'phrase', text: string) => ReactNode) | null
  /** Opens find and replace; null = the person may not. */
  replace: (() => void) | null
  dialogs: ReactNode
}

/** The project's classes and texts as a page of images offers them: menus, palette and dialogs. */
export function useLabelTools(filter: ImageFilter, total: number): LabelTools {
  const t = useTranslations('labels')
  const canManage = useCan('project.manage')
  const [asked, setAsked] = useState<{ task: LabelTask; name: string } | null>(null)
  const [find, setFind] = useState<string | null>(null)
  const replace = useCallback(() => setFind(''), [])
  useActions(
    useMemo(
      (): StudioAction[] => [
        {
          name: 'labels.replace',
          label: t('replace.open'),
          group: t('title'),
          keys: 'mod+shift+f',
          icon: <Replace />,
          isAvailable: canManage,
          run: replace,
        },
      ],
      [t, canManage, replace],
    ),
  )
  return {
    menuOf: canManage
      ? (kind, text) => (
          <FacetMenu
            name={text}
            kind={kind}
            onTask={(task) => setAsked({ task, name: text })}
            onReplace={() => setFind(text)}
          />
        )
      : null,
    replace: canManage ? replace : null,
    dialogs: (
      <>
        <LabelDialogs asked={asked} onClose={() => setAsked(null)} />
        <ReplaceDialog
          open={find !== null}
          onOpenChange={() => setFind(null)}
          find={find ?? ''}
          {...(isFiltered(filter) ? { filtered: { filter, total } } : {})}
        />
      </>
    ),
  }
}
