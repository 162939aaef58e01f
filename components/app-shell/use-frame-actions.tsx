'use client'

import { ArrowRight, Boxes, Keyboard, LayoutGrid } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import type { StudioAction } from './actions.ts'
import { SECTIONS } from './sections.ts'

/** What can be done from every page: find something, get help, go elsewhere. */
export function useFrameActions(
  projectId: string | undefined,
  open: (what: 'palette' | 'shortcuts') => void,
): readonly StudioAction[] {
  const t = useTranslations('common')
  const router = useRouter()
  return useMemo(() => {
    const group = t('palette.navigate')
    const sections = projectId
      ? SECTIONS.map(({ name, path, keys }) => ({
          name: `go.${name}`,
          label: t(`header.${name}`),
          group,
          keys,
          icon: <ArrowRight />,
          run: () => router.push(`/projects/${projectId}${path}`),
        }))
      : []
    return [
      ...sections,
      {
        name: 'go.projects',
        label: t('header.allProjects'),
        group,
        keys: 'g p',
        icon: <LayoutGrid />,
        run: () => router.push('/'),
      },
      {
        name: 'go.models',
        label: t('header.models'),
        group,
        keys: 'g m',
        icon: <Boxes />,
        run: () => router.push('/models'),
      },
      {
        name: 'palette',
        label: t('shortcuts.openPalette'),
        group: t('shortcuts.everywhere'),
        keys: 'mod+k',
        run: () => open('palette'),
      },
      {
        name: 'shortcuts',
        label: t('shortcuts.openSheet'),
        group: t('shortcuts.everywhere'),
        keys: '?',
        icon: <Keyboard />,
        run: () => open('shortcuts'),
      },
    ]
  }, [t, router, projectId, open])
}
