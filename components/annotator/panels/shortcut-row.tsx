'use client'

import { RotateCcw } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { cn } from '../../ui/cn.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import type { ActionName, Keymap } from '../actions/registry.ts'
import { assignKey, type KeymapChoice, keyProblem, keysOfPress, resetKey } from '../keymap/keymap.ts'

export interface ShortcutRowProps {
  name: ActionName
  keymap: Keymap
  /** Left out where the keys are fixed. */
  edit?: {
    choice: KeymapChoice
    setChoice: (choice: KeymapChoice) => void
    isListening: boolean
    listen: (on: boolean) => void
  }
}

/** One action and its keys; pressing them makes it listen for another one. */
export function ShortcutRow({ name, keymap, edit }: ShortcutRowProps) {
  const t = useTranslations('annotator')
  const keys = keymap.get(name) ?? []
  return (
    <li className="border-border border-b py-0.5">
      <div className="flex min-h-7 flex-wrap items-center gap-x-2">
        <span className="min-w-0 flex-1 truncate" title={t(`actions.${name}`)}>
          {t(`actions.${name}`)}
        </span>
        {edit ? <EditableKeys name={name} keymap={keymap} {...edit} /> : <Range keys={keys.slice(0, 9)} />}
      </div>
    </li>
  )
}

function Range({ keys }: { keys: readonly string[] }) {
  return (
    <span className="text-muted">
      <Kbd keys={keys[0] ?? ''} /> – <Kbd keys={keys.at(-1) ?? ''} />
    </span>
  )
}

type EditableKeysProps = Required<ShortcutRowProps>['edit'] & { name: ActionName; keymap: Keymap }

function EditableKeys({ name, keymap, choice, setChoice, isListening, listen }: EditableKeysProps) {
  const t = useTranslations('annotator.shortcuts')
  const words = useTranslations('annotator.actions')
  const [pressedLast, setWanted] = useState<string | null>(null)
  const wanted = isListening ? pressedLast : null
  const problem = wanted === null ? null : keyProblem(keymap, name, wanted)
  const keys = keymap.get(name) ?? []

  const stop = () => {
    setWanted(null)
    listen(false)
  }
  const take = (pressed: string) => {
    setChoice(assignKey(choice, name, pressed))
    stop()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isListening || event.nativeEvent.isComposing || event.keyCode === 229) return
    // Tab stays the way out, so that nobody is caught in here.
    if (event.key === 'Tab') return
    // … and the dialog ends the listening itself with Escape.
    if (event.key === 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    const pressed = keysOfPress(event, /Mac|iPhone|iPad/.test(navigator.userAgent))
    if (pressed === null) return
    if (keyProblem(keymap, name, pressed) === null) take(pressed)
    else setWanted(pressed)
  }
  return (
    <>
      <span className="flex items-center gap-1">
        {choice.own[name] && (
          <IconButton
            size="sm"
            label={t('reset', { action: words(name) })}
            icon={<RotateCcw />}
            disabled={resetKey(choice, name) === null}
            onClick={() => setChoice(resetKey(choice, name) ?? choice)}
          />
        )}
        <button
          type="button"
          aria-pressed={isListening}
          className={cn(
            'flex min-h-6 min-w-16 items-center justify-end gap-1 rounded-md px-1 hover:bg-hover',
            isListening && 'bg-accent-soft text-accent',
          )}
          onClick={() => {
            setWanted(null)
            listen(!isListening)
          }}
          onKeyDown={onKeyDown}
          onBlur={() => wanted === null && stop()}
        >
          <span className="sr-only">{t('change', { action: words(name) })}</span>
          {isListening ? (
            <span className="text-sm">{t('press')}</span>
          ) : keys.length === 0 ? (
            <span className="text-faint text-sm">{t('none')}</span>
          ) : (
            keys.slice(0, 2).map((each) => <Kbd key={each} keys={each} />)
          )}
        </button>
      </span>
      {wanted !== null && problem && (
        <span
          role="alert"
          className="flex basis-full items-center justify-end gap-2 pb-1 text-right text-sm text-warning"
        >
          <Kbd keys={wanted} />
          <span className="min-w-0 flex-1">
            {problem.kind === 'taken' ? t('taken', { action: words(problem.by) }) : t(problem.kind)}
          </span>
          {problem.kind === 'taken' && (
            <>
              <Button size="sm" variant="ghost" onClick={stop}>
                {t('leave')}
              </Button>
              <Button size="sm" onClick={() => take(wanted)}>
                {t('takeOver')}
              </Button>
            </>
          )}
        </span>
      )}
    </>
  )
}
