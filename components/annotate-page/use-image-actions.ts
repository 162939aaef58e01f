import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import type { TeamPanels } from '../annotator-team/use-team-panels.tsx'
import { type StudioAction, useActions } from '../app-shell/actions.ts'

export interface ImageActionOptions {
  isReview: boolean
  mayReview: boolean
  mayWrite: boolean
  nextWanted: () => void
  giveBack: () => void
  setReview: (isReview: boolean) => void
  panels: TeamPanels
}

/** The keys of a team's work on an image: palette, shortcuts and sheet in one list. */
export function useImageActions(options: ImageActionOptions): void {
  const t = useTranslations('team.actions')
  const { isReview, mayReview, mayWrite, nextWanted, giveBack, setReview, panels } = options
  const { toggle, startComment } = panels
  useActions(
    useMemo((): StudioAction[] => {
      const group = t('group')
      const verdicts: StudioAction[] = [
        // Enter is the editor's; here it is named for the sheet.
        {
          name: 'work.accept',
          label: t('accept'),
          group,
          keys: 'enter',
          ownKeys: true,
          isAvailable: false,
          run: () => undefined,
        },
        { name: 'work.return', label: t('return'), group, keys: 'shift+enter', run: giveBack },
      ]
      const review: StudioAction = {
        name: 'work.review',
        label: isReview ? t('endReview') : t('review'),
        group,
        keys: 'shift+r',
        run: () => setReview(!isReview),
      }
      const comment: StudioAction = {
        name: 'work.comment',
        label: t('comment'),
        group,
        keys: 'c',
        run: startComment,
      }
      return [
        {
          name: 'work.nextWanted',
          label: isReview ? t('nextToReview') : t('nextUnfinished'),
          group,
          keys: 'shift+d',
          run: nextWanted,
        },
        ...(isReview ? verdicts : []),
        ...(mayReview ? [review] : []),
        ...(mayWrite ? [comment] : []),
        {
          name: 'work.comments',
          label: t('comments'),
          group,
          keys: 'shift+c',
          run: () => toggle('comments'),
        },
        {
          name: 'work.history',
          label: t('history'),
          group,
          keys: 'shift+h',
          run: () => toggle('history'),
        },
      ]
    }, [t, isReview, mayReview, mayWrite, nextWanted, giveBack, setReview, toggle, startComment]),
  )
}
