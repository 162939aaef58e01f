'use client'

import { ImageIcon } from 'lucide-react'
import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { Thumbnail } from '../images/thumbnail.tsx'
import type { RouterOutputs } from '../trpc/client.tsx'

type Project = RouterOutputs['projects']['list'][number]

export function ProjectCard({ project }: { project: Project }) {
  const t = useTranslations('projects.card')
  const format = useFormatter()
  const { id, name, images, annotated, runs, coverImageId, createdAt } = project
  return (
    <Link
      href={`/projects/${id}`}
      className="group block overflow-hidden rounded-lg border border-border bg-surface transition-colors hover:border-border-strong"
    >
      <div className="flex h-32 items-center justify-center overflow-hidden border-border border-b bg-sunken">
        {coverImageId ? (
          <Thumbnail imageId={coverImageId} className="size-full object-cover object-top" />
        ) : (
          <ImageIcon aria-hidden className="size-6 text-faint" />
        )}
      </div>
      <div className="px-3 py-2.5">
        <div className="flex items-baseline gap-2">
          <h2 className="min-w-0 flex-1 truncate font-semibold">{name}</h2>
          <time dateTime={createdAt.toISOString()} className="shrink-0 text-muted text-xs">
            {format.dateTime(createdAt, { dateStyle: 'medium' })}
          </time>
        </div>
        <p className="mt-0.5 flex gap-2 text-muted text-sm tabular-nums">
          <span>{t('images', { count: images })}</span>
          {images > 0 && <span>{t('annotated', { share: annotated / images })}</span>}
          {runs > 0 && <span>{t('runs', { count: runs })}</span>}
        </p>
      </div>
    </Link>
  )
}
