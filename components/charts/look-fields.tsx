'use client'

import { useTranslations } from 'next-intl'
import { ChartEffect, ChartStyleName } from '../../server/contracts/chart.ts'
import { Checkbox } from '../ui/checkbox.tsx'
import { Choice } from './choice.tsx'
import { NumberField } from './number-field.tsx'
import type { DrawFormState } from './use-draw-form.ts'

/** How the pictures look. */
export function LookFields({ state }: { state: DrawFormState }) {
  const t = useTranslations('charts.look')
  const { styles, effects, size, seed } = state.form.options
  const change = state.changeOptions
  return (
    <div className="flex flex-col gap-4">
      <Choice label={t('styles')}>
        {ChartStyleName.options.map((name) => (
          <Checkbox
            key={name}
            label={t(`styleNames.${name}`)}
            checked={styles.includes(name)}
            // The last one stays: a picture must look like something.
            disabled={styles.length === 1 && styles.includes(name)}
            onCheckedChange={(isOn) => change({ styles: withOrWithout(styles, name, isOn) })}
          />
        ))}
      </Choice>
      <Choice label={t('effects')}>
        {ChartEffect.options.map((name) => (
          <Checkbox
            key={name}
            label={t(`effectNames.${name}`)}
            checked={effects.includes(name)}
            onCheckedChange={(isOn) => change({ effects: withOrWithout(effects, name, isOn) })}
          />
        ))}
      </Choice>
      <div className="grid grid-cols-2 gap-3">
        <NumberField
          label={t('low')}
          value={size.low}
          min={320}
          max={4096}
          onChange={(low) => change({ size: { low, high: Math.max(low, size.high) } })}
        />
        <NumberField
          label={t('high')}
          value={size.high}
          min={320}
          max={4096}
          onChange={(high) => change({ size: { low: Math.min(size.low, high), high } })}
        />
        <p className="col-span-2 -mt-2 text-muted text-sm">{t('sizeHint')}</p>
      </div>
      <NumberField
        label={t('seed')}
        hint={t('seedHint')}
        value={seed}
        min={0}
        max={0xffffffff}
        onChange={(next) => change({ seed: next })}
      />
    </div>
  )
}

/** In the order of the original list, so that the same choice always draws the same. */
function withOrWithout<Name extends ChartStyleName | ChartEffect>(
  names: readonly Name[],
  name: Name,
  isOn: boolean,
): Name[] {
  const order: readonly string[] = [...ChartStyleName.options, ...ChartEffect.options]
  const next = names.filter((other) => other !== name)
  if (isOn) next.push(name)
  return next.sort((a, b) => order.indexOf(a) - order.indexOf(b))
}
