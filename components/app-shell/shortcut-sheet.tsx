'use client'

import { useTranslations } from 'next-intl'
import { Dialog } from '../ui/dialog.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { groupActions, type StudioAction } from './actions.ts'

export interface ShortcutSheetProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  actions: readonly StudioAction[]
}

/** Generated from the same actions that listen, so it never lies. */
export function ShortcutSheet({ open, onOpenChange, actions }: ShortcutSheetProps) {
  const t = useTranslations('common.shortcuts')
  const groups = groupActions(actions.filter((action) => action.keys))
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('title')} size="lg" isText>
      <div className="columns-1 gap-8 sm:columns-2">
        {groups.map(([group, entries]) => (
          <section key={group} className="mb-5 break-inside-avoid">
            <h3 className="mb-1 font-medium text-muted text-sm">{group}</h3>
            <dl>
              {entries.map(({ name, label, keys = '' }) => (
                <div key={name} className="flex h-7 items-center gap-3 border-border border-b">
                  <dt className="min-w-0 flex-1 truncate" title={label}>
                    {label}
                  </dt>
                  <dd>
                    <Kbd keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
