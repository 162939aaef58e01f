'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import type { ActionGroup } from '../actions/action.ts'
import { ACTIONS } from '../actions/registry.ts'
import { REMAPPABLE, resolveKeymap } from '../keymap/keymap.ts'
import { PRESETS } from '../keymap/presets.ts'
import { useKeymapChoice } from '../keymap/use-keymap.ts'
import { ShortcutRow } from './shortcut-row.tsx'

const GROUPS: readonly ActionGroup[] = [
  'tools',
  'selection',
  'boxes',
  'clipboard',
  'expressions',
  'view',
  'image',
  'team',
]

/** The keys of the editor: a preset, and what a person makes of it. Every change counts at once. */
export function ShortcutsDialog({
  open,
  onOpenChange,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  const t = useTranslations('annotator')
  const [choice, setChoice] = useKeymapChoice()
  const [listening, setListening] = useState<string | null>(null)
  const keymap = resolveKeymap(choice)
  const changed = Object.keys(choice.own).length
  const fixed = ACTIONS.filter((action) => action.digits)
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="lg"
      onEscapeKeyDown={(event) => {
        if (listening === null) return
        event.preventDefault()
        setListening(null)
      }}
      title={t('shortcuts.title')}
      description={t('shortcuts.description')}
      footer={
        <>
          <Button variant="ghost" disabled={changed === 0} onClick={() => setChoice({ ...choice, own: {} })}>
            {t('shortcuts.resetAll', { count: changed })}
          </Button>
          <Button variant="primary" onClick={() => onOpenChange(false)}>
            {t('shortcuts.close')}
          </Button>
        </>
      }
    >
      <div className="mb-4 flex items-center gap-3">
        <span className="text-muted">{t('shortcuts.preset')}</span>
        <Segmented
          aria-label={t('shortcuts.preset')}
          value={choice.preset}
          onValueChange={(preset) => setChoice({ preset, own: {} })}
          options={PRESETS.map((value) => ({ value, label: t(`shortcuts.presets.${value}`) }))}
        />
      </div>
      <div className="columns-1 gap-8 md:columns-2">
        {GROUPS.map((group) => (
          <section key={group} className="mb-5 break-inside-avoid" aria-label={t(`actionGroups.${group}`)}>
            <h3 className="mb-1 font-medium text-muted text-sm">{t(`actionGroups.${group}`)}</h3>
            <ul>
              {fixed
                .filter((action) => action.group === group)
                .map(({ name }) => (
                  <ShortcutRow key={name} name={name} keymap={keymap} />
                ))}
              {REMAPPABLE.filter((action) => action.group === group).map(({ name }) => (
                <ShortcutRow
                  key={name}
                  name={name}
                  keymap={keymap}
                  edit={{
                    choice,
                    setChoice,
                    isListening: listening === name,
                    listen: (on) => setListening(on ? name : null),
                  }}
                />
              ))}
            </ul>
          </section>
        ))}
        <PointerHelp />
      </div>
    </Dialog>
  )
}

/** Held while the pointer does it, and what it does then; these do not change. */
const POINTER = [
  { name: 'add', keys: ['shift', 'mod'] },
  { name: 'marquee', keys: ['mod'] },
  { name: 'deeper', keys: ['alt'] },
  { name: 'aspect', keys: ['shift'] },
  { name: 'noSnap', keys: ['alt'] },
  { name: 'pan', keys: ['Space'] },
  { name: 'wheel', keys: [] },
  { name: 'fingers', keys: [] },
] as const

function PointerHelp() {
  const t = useTranslations('annotator.pointer')
  return (
    <section className="mb-5 break-inside-avoid" aria-label={t('title')}>
      <h3 className="mb-1 font-medium text-muted text-sm">{t('title')}</h3>
      <ul>
        {POINTER.map(({ name, keys }) => (
          <li key={name} className="flex min-h-8 items-center gap-2 border-border border-b py-0.5">
            <span className="min-w-0 flex-1">{t(name)}</span>
            {keys.map((key) => (
              <Kbd key={key} keys={key} />
            ))}
          </li>
        ))}
      </ul>
    </section>
  )
}
