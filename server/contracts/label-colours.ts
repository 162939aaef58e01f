/**
 * Colours for labels, told apart by people with the common kinds of colour blindness: the eight of
 * Okabe and Ito (jfly.uni-koeln.de/color) without black, then Paul Tol's "muted" set. Order matters:
 * neighbours in the list differ most.
 */
export const LABEL_COLOURS = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#d55e00',
  '#f0e442',
  '#882255',
  '#44aa99',
  '#cc6677',
  '#999933',
  '#88ccee',
  '#aa4499',
  '#117733',
  '#ddcc77',
  '#332288',
] as const

/** The first colour that is not in use yet; once all are, they start again in order. */
export function nextLabelColour(used: Iterable<string>): string {
  const taken = [...used]
  const free = LABEL_COLOURS.find((colour) => !taken.includes(colour))
  return free ?? labelColour(taken.length)
}

/** The colour of the n-th thing of a list. */
export function labelColour(n: number): string {
  return LABEL_COLOURS[n % LABEL_COLOURS.length] ?? LABEL_COLOURS[0]
}
