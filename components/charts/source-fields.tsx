'use client'

import { FileText, Upload, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useCallback, useRef } from 'react'
import { MAX_PICTURES, MAX_SOURCE_FILES } from '../../server/contracts/chart.ts'
import { useDropFiles } from '../images/use-drop-files.ts'
import { Button } from '../ui/button.tsx'
import { cn } from '../ui/cn.ts'
import { Field } from '../ui/field.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Textarea } from '../ui/textarea.tsx'
import { toast } from '../ui/toast.tsx'
import { type CollectedFile, collectChosen } from '../uploads/collect-files.ts'
import { Choice } from './choice.tsx'
import { NumberField } from './number-field.tsx'
import type { DrawFormState } from './use-draw-form.ts'

const ENDINGS = '.mmd,.mermaid,.dot,.gv,.drawio,.dio,.xml,.md,.txt'

/** Where the charts come from and how many pictures there will be. */
export function SourceFields({ state }: { state: DrawFormState }) {
  const t = useTranslations('charts.sources')
  const { form, change, changeOptions } = state
  const { files, options } = form
  const input = useRef<HTMLInputElement>(null)
  const add = useCallback(
    async (collected: CollectedFile[]) => {
      const read = await Promise.all(
        collected.map(async ({ file, path }) => ({ name: path, text: await file.text() })),
      )
      const kept = files.filter(({ name }) => !read.some((fresh) => fresh.name === name))
      if (kept.length + read.length > MAX_SOURCE_FILES) {
        toast.error(t('tooMany', { count: MAX_SOURCE_FILES }))
      } else change({ files: [...kept, ...read] })
    },
    [files, change, t],
  )
  const isOver = useDropFiles(add)
  return (
    <div className="flex flex-col gap-4">
      <div
        className={cn(
          'flex flex-col items-center gap-2 rounded-lg border border-border-strong border-dashed p-4 text-center text-muted',
          isOver && 'border-accent bg-accent-soft text-accent',
        )}
      >
        <p>{t('drop')}</p>
        <Button size="sm" icon={<Upload />} onClick={() => input.current?.click()}>
          {t('choose')}
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          multiple
          accept={ENDINGS}
          data-testid="choose-charts"
          onChange={(event) => {
            if (event.target.files?.length) void add(collectChosen(event.target.files))
            event.target.value = ''
          }}
        />
      </div>
      {files.length > 0 && (
        <ul aria-label={t('files')} className="flex max-h-36 flex-col overflow-y-auto">
          {files.map(({ name }) => (
            <li key={name} className="flex items-center gap-2">
              <FileText aria-hidden className="size-4 shrink-0 text-muted" />
              <span className="min-w-0 flex-1 truncate">{name}</span>
              <IconButton
                size="sm"
                label={t('remove', { name })}
                icon={<X />}
                onClick={() => change({ files: files.filter((other) => other.name !== name) })}
              />
            </li>
          ))}
        </ul>
      )}
      <Field label={t('paste')}>
        <Textarea
          rows={4}
          spellCheck={false}
          className="font-mono text-sm"
          placeholder={t('pastePlaceholder')}
          value={form.pasted}
          onChange={({ target }) => change({ pasted: target.value })}
        />
      </Field>
      <div className="grid grid-cols-2 gap-3">
        <NumberField
          label={t('copies')}
          hint={t('copiesHint')}
          value={options.copies}
          min={1}
          max={1000}
          onChange={(copies) => changeOptions({ copies })}
        />
        <NumberField
          label={t('random')}
          hint={t('randomHint')}
          value={options.random}
          min={0}
          max={MAX_PICTURES}
          onChange={(random) => changeOptions({ random })}
        />
      </div>
      <NumberField
        label={t('unannotated')}
        hint={t('unannotatedHint')}
        value={Math.round(options.unannotated * 100)}
        min={0}
        max={100}
        onChange={(percent) => changeOptions({ unannotated: percent / 100 })}
      />
      <Choice label={t('layout')}>
        <Segmented
          aria-label={t('layout')}
          value={options.layout}
          onValueChange={(layout) => changeOptions({ layout })}
          options={(['asDrawn', 'fresh'] as const).map((value) => ({ value, label: t(`layouts.${value}`) }))}
        />
      </Choice>
    </div>
  )
}
