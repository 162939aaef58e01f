'use client'

import { useTranslations } from 'next-intl'
import type { ChartThing } from '../../server/contracts/chart.ts'
import { Checkbox } from '../ui/checkbox.tsx'
import { Input } from '../ui/input.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import type { ClassChoice, DrawFormState } from './use-draw-form.ts'

/** Which classes there are, what they are called, and which shapes belong to them. */
export function ClassFields({ state }: { state: DrawFormState }) {
  const t = useTranslations('charts.classes')
  const things = useTranslations('charts.things')
  const { classes } = state.form
  const language = state.form.options.language
  const set = (at: number, part: Partial<ClassChoice>) =>
    state.change({ classes: classes.map((one, index) => (index === at ? { ...one, ...part } : one)) })
  const move = (thing: ChartThing, to: number | null) => {
    const without = classes.map((one) => ({ ...one, things: one.things.filter((own) => own !== thing) }))
    const name = things(thing)
    const moved =
      to === null
        ? [...without, { names: { en: thing, zh: name }, things: [thing], isOn: true }]
        : without.map((one, at) => (at === to ? { ...one, things: [...one.things, thing] } : one))
    state.change({ classes: moved.filter((one) => one.things.length > 0) })
  }
  return (
    <div className="flex flex-col gap-3">
      <p className="text-muted text-sm">{t('hint')}</p>
      {state.areClassesWrong && (
        <p role="alert" className="text-danger text-sm">
          {t('invalid')}
        </p>
      )}
      <ul className="flex flex-col divide-y divide-border">
        {classes.map((one, at) => (
          <li key={one.things[0]} className="flex flex-col gap-1.5 py-2">
            <div className="flex items-center gap-2">
              <Checkbox
                aria-label={t('use', { name: one.names[language] })}
                checked={one.isOn}
                onCheckedChange={(isOn) => set(at, { isOn })}
              />
              {(['en', 'zh'] as const).map((of) => (
                <Input
                  key={of}
                  size="sm"
                  aria-label={t(of)}
                  maxLength={80}
                  disabled={!one.isOn}
                  value={one.names[of]}
                  onChange={({ target }) => set(at, { names: { ...one.names, [of]: target.value } })}
                />
              ))}
            </div>
            <div className="flex flex-wrap gap-1 pl-6">
              {one.things.map((thing) => (
                <Menu
                  key={thing}
                  trigger={
                    <button
                      type="button"
                      aria-label={t('move', { thing: things(thing) })}
                      className="rounded-sm bg-active px-1.5 py-0.5 text-xs hover:bg-hover"
                    >
                      {things(thing)}
                    </button>
                  }
                >
                  {classes.map((other, to) =>
                    to === at ? null : (
                      <MenuItem key={other.things[0]} onSelect={() => move(thing, to)}>
                        {other.names[language]}
                      </MenuItem>
                    ),
                  )}
                  {one.things.length > 1 && (
                    <MenuItem onSelect={() => move(thing, null)}>{t('newClass')}</MenuItem>
                  )}
                </Menu>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </div>
  )
}
