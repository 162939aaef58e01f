'use client'

import { SlidersHorizontal } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { Popover } from '../../ui/popover.tsx'
import { Slider } from '../../ui/slider.tsx'
import { Switch } from '../../ui/switch.tsx'
import type { ActionContext } from '../actions/action.ts'
import { actionNamed, type Keymap, runAction } from '../actions/registry.ts'
import type { Editor } from '../editor/editor.ts'
import { useEditor } from '../editor/use-editor.ts'
import { MAX_LEVEL, MIN_LEVEL } from '../editor/view-settings.ts'

const SWITCHES = ['crosshair', 'minimap', 'rulers', 'names'] as const
const LEVELS = ['brightness', 'contrast'] as const

/** How the picture is shown: light, contrast, and the helps that are drawn over it. */
export function ViewPopover({ context, keymap }: { context: ActionContext; keymap: Keymap }) {
  const t = useTranslations('annotator')
  const { editor } = context
  const view = useEditor(editor, (state) => state.view)
  return (
    <Popover
      label={t('view.title')}
      side="right"
      className="w-80"
      trigger={
        <IconButton size="lg" tooltipSide="right" label={t('view.title')} icon={<SlidersHorizontal />} />
      }
    >
      <div className="flex flex-col gap-3">
        {LEVELS.map((name) => (
          <Level key={name} name={name} editor={editor} />
        ))}
        <Button
          size="sm"
          className="self-end"
          disabled={!actionNamed('resetLevels').isAvailable(editor.getState(), context)}
          onClick={() => runAction('resetLevels', context)}
        >
          {t('actions.resetLevels')}
        </Button>
        <ul className="flex flex-col gap-2 border-border border-t pt-3">
          {SWITCHES.map((name) => (
            <li key={name} className="flex items-center justify-between">
              <Switch
                checked={view[name]}
                label={t(`actions.${name}`)}
                onCheckedChange={(checked) => editor.setView({ [name]: checked })}
              />
              {keymap.get(name)?.[0] && <Kbd keys={keymap.get(name)?.[0] ?? ''} />}
            </li>
          ))}
        </ul>
      </div>
    </Popover>
  )
}

function Level({ name, editor }: { name: (typeof LEVELS)[number]; editor: Editor }) {
  const t = useTranslations('annotator.view')
  const format = useFormatter()
  const value = useEditor(editor, (state) => state.view[name])
  const percent = format.number(value, { style: 'percent' })
  return (
    <div className="flex flex-col gap-1">
      <span className="flex justify-between text-sm">
        {t(name)}
        <span data-numeric className="text-muted">
          {percent}
        </span>
      </span>
      <Slider
        aria-label={t(name)}
        valueText={percent}
        min={MIN_LEVEL}
        max={MAX_LEVEL}
        step={0.05}
        value={value}
        onValueChange={(next) => editor.setLevel(name, next)}
      />
    </div>
  )
}
