const NAMED: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  middot: '·',
  hellip: '…',
  ndash: '–',
  mdash: '—',
  larr: '←',
  uarr: '↑',
  rarr: '→',
  darr: '↓',
  harr: '↔',
  le: '≤',
  ge: '≥',
  ne: '≠',
  times: '×',
  deg: '°',
  copy: '©',
  infin: '∞',
  hearts: '♥',
  check: '✓',
}

/** Plain text of a label that may hold HTML: tags go, their line breaks stay, entities become characters. */
export function plainText(html: string): string {
  const withoutTags = html
    .replaceAll(/<\s*br\s*\/?\s*>/gi, '\n')
    .replaceAll(/<\/\s*(div|p|li|h[1-6]|tr)\s*>\s*(?=\S)/gi, '\n')
    // A line that begins a block begins anew, unless the text begins with it.
    .replaceAll(/([^\n>])<\s*(div|p|li|h[1-6])(\s[^>]*)?>/gi, '$1\n')
    .replaceAll(/<\/?[a-z][^>]*>/gi, '')
  return tidy(decodeEntities(withoutTags, /&(#?\w+);/g))
}

/** HTML's entities, or those of Mermaid, which begin with # instead of &. */
export function decodeEntities(text: string, pattern: RegExp): string {
  return text.replaceAll(pattern, (whole, name: string) => {
    const number = /^#?(?:x([0-9a-f]+)|(\d+))$/i.exec(name)
    if (number) {
      const code = number[1] ? Number.parseInt(number[1], 16) : Number(number[2])
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
    }
    return NAMED[name] ?? whole
  })
}

/** No blanks at the ends of lines, no empty lines at the ends of the text, one blank instead of many. */
export function tidy(text: string): string {
  const lines = text.replaceAll(/\r\n?/g, '\n').split('\n')
  return lines
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .join('\n')
    .replaceAll(/^\n+|\n+$/g, '')
}
