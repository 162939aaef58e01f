'use client'

import { useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { Folder, ImageIcon, Languages, SunMoon } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { Dialog } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { LOCALES } from '../i18n/locale.ts'
import { LANGUAGE_NAMES, useLanguage } from '../i18n/use-language.ts'
import { useTRPC } from '../trpc/client.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { OVERLAY_CLASSES } from '../ui/overlay.tsx'
import { groupActions, type StudioAction } from './actions.ts'
import { THEMES, useTheme } from './theme.ts'
import { useFoundImages } from './use-found-images.ts'

export interface CommandPaletteProps {
  /** Inside a project its images are found, too. */
  projectId: string | undefined
  open: boolean
  onOpenChange: (open: boolean) => void
  actions: readonly StudioAction[]
}

const GROUP =
  '[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-sm [&_[cmdk-group-heading]]:text-muted'

/** Everything the studio can do from here, its projects and its preferences, behind one key. */
export function CommandPalette({ projectId, open, onOpenChange, actions }: CommandPaletteProps) {
  const t = useTranslations('common')
  const router = useRouter()
  const trpc = useTRPC()
  const projects = useQuery(trpc.projects.list.queryOptions(undefined, { enabled: open }))
  const [search, setSearch] = useState('')
  const { images, isSearching } = useFoundImages(open ? projectId : undefined, search)
  const { change } = useLanguage()
  const [, setTheme] = useTheme()

  const close = (next: boolean) => {
    setSearch('')
    onOpenChange(next)
  }
  const choose = (run: () => void) => () => {
    close(false)
    run()
  }
  const groups = groupActions(
    actions.filter((action) => action.isAvailable !== false && action.name !== 'palette'),
  )

  return (
    <Dialog.Root open={open} onOpenChange={close}>
      <Dialog.Portal>
        <Dialog.Overlay className={OVERLAY_CLASSES} />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[14vh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 animate-appear overflow-hidden rounded-xl border border-border bg-raised shadow-dialog outline-none"
        >
          <Dialog.Title className="sr-only">{t('palette.label')}</Dialog.Title>
          <Command label={t('palette.label')} loop>
            <Command.Input
              value={search}
              onValueChange={setSearch}
              placeholder={t('palette.placeholder')}
              className="h-12 w-full border-border border-b bg-transparent px-4 text-md outline-none"
            />
            <Command.List className="max-h-[50vh] overflow-y-auto px-2 pb-2">
              <Command.Empty className="px-2 py-6 text-center text-muted">
                {isSearching ? t('loading') : t('palette.empty')}
              </Command.Empty>
              {groups.map(([group, entries]) => (
                <Command.Group key={group} heading={group} className={GROUP}>
                  {entries.map((action) => (
                    <Entry
                      key={action.name}
                      id={action.name}
                      icon={action.icon}
                      label={action.label}
                      keys={action.keys}
                      onSelect={choose(action.run)}
                    />
                  ))}
                </Command.Group>
              ))}
              {images.length > 0 && (
                <Command.Group heading={t('palette.images')} className={GROUP}>
                  {images.map(({ id, fileName }) => (
                    <Entry
                      key={id}
                      id={id}
                      icon={<ImageIcon />}
                      label={fileName}
                      onSelect={choose(() => router.push(`/projects/${projectId}/annotate/${id}`))}
                    />
                  ))}
                </Command.Group>
              )}
              <Command.Group heading={t('palette.projects')} className={GROUP}>
                {projects.data?.map(({ id, name }) => (
                  <Entry
                    key={id}
                    id={id}
                    icon={<Folder />}
                    label={name}
                    onSelect={choose(() => router.push(`/projects/${id}`))}
                  />
                ))}
              </Command.Group>
              <Command.Group heading={t('palette.preferences')} className={GROUP}>
                {LOCALES.map((locale) => (
                  <Entry
                    key={locale}
                    id={`language.${locale}`}
                    icon={<Languages />}
                    label={t('palette.useLanguage', { language: LANGUAGE_NAMES[locale] })}
                    onSelect={choose(() => change(locale))}
                  />
                ))}
                {THEMES.map((theme) => (
                  <Entry
                    key={theme}
                    id={`theme.${theme}`}
                    icon={<SunMoon />}
                    label={t('palette.useTheme', { theme: t(`theme.${theme}`) })}
                    onSelect={choose(() => setTheme(theme))}
                  />
                ))}
              </Command.Group>
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

interface EntryProps {
  id: string
  icon: ReactNode
  label: string
  keys?: string | undefined
  onSelect: () => void
}

function Entry({ id, icon, label, keys, onSelect }: EntryProps) {
  return (
    <Command.Item
      value={id}
      keywords={[label]}
      onSelect={onSelect}
      className="flex h-8 items-center gap-2.5 rounded-md px-2 data-[selected=true]:bg-hover [&_svg]:size-4 [&_svg]:text-muted"
    >
      <span aria-hidden className="flex w-4 justify-center">
        {icon}
      </span>
      <span className="min-w-0 flex-1 truncate">{label}</span>
      {keys && <Kbd keys={keys} />}
    </Command.Item>
  )
}
