/** Names of the theme's colours that charts use. */
export type ChartColour = 'accent' | 'muted' | 'success' | 'warning' | 'border'

/** The colour as it is now: a canvas does not follow a change of the theme by itself. */
export function cssColour(name: ChartColour): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--color-${name}`).trim()
}
