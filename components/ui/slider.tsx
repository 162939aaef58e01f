'use client'

import { Slider as Primitive } from 'radix-ui'

export interface SliderProps {
  value: number
  onValueChange: (value: number) => void
  min: number
  max: number
  step: number
  'aria-label': string
  /** The value in words, where the bare number says little. */
  valueText?: string
}

export function Slider({ value, onValueChange, valueText, 'aria-label': label, ...range }: SliderProps) {
  return (
    <Primitive.Root
      {...range}
      value={[value]}
      onValueChange={([next]) => next !== undefined && onValueChange(next)}
      className="relative flex h-5 w-full touch-none select-none items-center"
    >
      <Primitive.Track className="relative h-1 grow rounded-full bg-active">
        <Primitive.Range className="absolute h-full rounded-full bg-accent" />
      </Primitive.Track>
      <Primitive.Thumb
        aria-label={label}
        aria-valuetext={valueText}
        className="block size-3.5 rounded-full border border-border-strong bg-white shadow-sm"
      />
    </Primitive.Root>
  )
}
