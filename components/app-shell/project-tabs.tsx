'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { SECTIONS, sectionOf } from './sections.ts'

export function ProjectTabs({ projectId }: { projectId: string }) {
  const t = useTranslations('common.header')
  const current = sectionOf(usePathname())
  return (
    <nav aria-label={t('sections')} className="flex min-w-0 items-center gap-0.5 overflow-x-auto py-1">
      {SECTIONS.map(({ name, path }) => (
        <Link
          key={name}
          href={`/projects/${projectId}${path}`}
          aria-current={name === current ? 'page' : undefined}
          className="flex h-7 shrink-0 items-center rounded-md px-2.5 font-medium text-muted transition-colors duration-100 hover:bg-hover hover:text-text focus-visible:-outline-offset-2 aria-[current=page]:bg-active aria-[current=page]:text-text"
        >
          {t(name)}
        </Link>
      ))}
    </nav>
  )
}
