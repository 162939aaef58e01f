'use client'

import { FlaskConical, FolderPlus, Workflow } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

export interface FirstProjectProps {
  onCreate: () => void
  onSample: () => void
  onDraw: () => void
}

/** What somebody sees who has no project: three ways to begin, each in one press. */
export function FirstProject({ onCreate, onSample, onDraw }: FirstProjectProps) {
  const t = useTranslations('projects')
  return (
    <div className="mx-auto max-w-3xl pt-[8vh]">
      <h1 className="text-center font-semibold text-2xl">{t('firstTitle')}</h1>
      <p className="mx-auto mt-2 max-w-lg text-balance text-center text-md text-muted">
        {t('firstDescription')}
      </p>
      <div className="mt-8 grid gap-4 sm:grid-cols-3">
        <Choice
          icon={<FolderPlus />}
          title={t('new')}
          description={t('newDescription')}
          onChoose={onCreate}
        />
        <Choice
          icon={<FlaskConical />}
          title={t('sample')}
          description={t('sampleDescription')}
          onChoose={onSample}
        />
        <Choice icon={<Workflow />} title={t('draw')} description={t('drawDescription')} onChoose={onDraw} />
      </div>
    </div>
  )
}

interface ChoiceProps {
  icon: ReactNode
  title: string
  description: string
  onChoose: () => void
}

function Choice({ icon, title, description, onChoose }: ChoiceProps) {
  return (
    <button
      type="button"
      onClick={onChoose}
      className="flex flex-col items-start gap-1 rounded-xl border border-border bg-surface p-5 text-left transition-colors hover:border-border-strong hover:bg-raised"
    >
      <span
        aria-hidden
        className="mb-3 flex size-9 items-center justify-center rounded-lg bg-accent-soft text-accent [&_svg]:size-5"
      >
        {icon}
      </span>
      <span className="font-semibold text-md">{title}</span>
      <span className="text-muted">{description}</span>
    </button>
  )
}
