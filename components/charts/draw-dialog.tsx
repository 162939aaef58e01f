'use client'

import { Workflow } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type ReactNode, useState } from 'react'
import { MAX_PICTURES } from '../../server/contracts/chart.ts'
import { ProjectName, type PromptLanguage } from '../../server/contracts/project.ts'
import { useErrorWords } from '../trpc/studio-error.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { Tab, TabList, TabPanel, Tabs } from '../ui/tabs.tsx'
import { ClassFields } from './class-fields.tsx'
import { LookFields } from './look-fields.tsx'
import { PreviewPane } from './preview-pane.tsx'
import { SourceFields } from './source-fields.tsx'
import { useDrawForm } from './use-draw-form.ts'
import { mayBeDrawn, usePreview } from './use-preview.ts'
import { useStartDrawing } from './use-start-drawing.ts'
import { WordFields } from './word-fields.tsx'

export interface DrawDialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  /** null = a new project is made for the drawing. */
  projectId: string | null
  /** Of the project's prompts, or of the page for a new one. */
  language: PromptLanguage
}

/** "Draw a data set": choices on the left, what they lead to on the right. Every opening begins anew. */
export function DrawDialog(props: DrawDialogProps) {
  return props.open ? <OpenDialog {...props} /> : null
}

const TABS = ['charts', 'look', 'words', 'classes'] as const

function OpenDialog({ onOpenChange, projectId, language }: DrawDialogProps) {
  const t = useTranslations('charts')
  const common = useTranslations('common')
  const words = useErrorWords()
  const [name, setName] = useState(t('namePlaceholder'))
  const state = useDrawForm(language)
  const { order } = state
  const isSomething = order !== null && mayBeDrawn(order)
  const preview = usePreview(order)
  const start = useStartDrawing(projectId, () => onOpenChange(false))
  const count = isSomething ? (preview.data?.count ?? 0) : 0
  const isReady =
    isSomething &&
    count > 0 &&
    count <= MAX_PICTURES &&
    preview.data?.problems.length === 0 &&
    !preview.isPlaceholderData &&
    (projectId !== null || ProjectName.safeParse(name).success)
  const panels: Record<(typeof TABS)[number], ReactNode> = {
    charts: <SourceFields state={state} />,
    look: <LookFields state={state} />,
    words: <WordFields state={state} />,
    classes: <ClassFields state={state} />,
  }
  return (
    <Dialog
      open
      onOpenChange={onOpenChange}
      size="xl"
      title={t('title')}
      description={t('description')}
      footer={
        <>
          {isSomething && preview.data && (
            <output className="mr-auto text-muted">
              {count > MAX_PICTURES
                ? t('preview.tooMany', { limit: MAX_PICTURES })
                : t('preview.count', { charts: preview.data.charts, count })}
            </output>
          )}
          <Button onClick={() => onOpenChange(false)}>{common('cancel')}</Button>
          <Button
            variant="primary"
            icon={<Workflow />}
            busy={start.isPending}
            disabled={!isReady}
            onClick={() => order && start.mutate({ order, name })}
          >
            {t('submit', { count })}
          </Button>
        </>
      }
    >
      <div className="grid gap-6 md:grid-cols-[20rem_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          {projectId === null && (
            <Field label={t('name')}>
              <Input value={name} maxLength={80} onChange={({ target }) => setName(target.value)} />
            </Field>
          )}
          <Tabs defaultValue="charts">
            <TabList className="mb-4">
              {TABS.map((tab) => (
                <Tab key={tab} value={tab}>
                  {t(`tabs.${tab}`)}
                </Tab>
              ))}
            </TabList>
            {TABS.map((tab) => (
              <TabPanel key={tab} value={tab}>
                {panels[tab]}
              </TabPanel>
            ))}
          </Tabs>
        </div>
        <section aria-label={t('preview.title')} className="min-w-0">
          {preview.isError || start.isError ? (
            <p role="alert" className="text-danger">
              {words(preview.error ?? start.error).description}
            </p>
          ) : isSomething ? (
            <PreviewPane preview={preview.data} isDrawing={preview.isFetching} />
          ) : (
            <p className="p-8 text-center text-muted">{t(order ? 'preview.nothing' : 'preview.invalid')}</p>
          )}
        </section>
      </div>
    </Dialog>
  )
}
