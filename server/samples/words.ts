import type { NodeKind } from './chart.ts'
import type { Random } from './random.ts'

const STEPS = {
  verbs: [
    'Check',
    'Send',
    'Load',
    'Sort',
    'Store',
    'Update',
    'Pack',
    'Scan',
    'Merge',
    'Print',
    'Sign',
    'Pay',
  ],
  nouns: [
    'order',
    'report',
    'files',
    'stock',
    'record',
    'queue',
    'parcel',
    'user',
    'batch',
    'model',
    'ticket',
  ],
} as const
const QUESTIONS = [
  'Valid?',
  'In stock?',
  'Paid?',
  'Ready?',
  'New user?',
  'Error?',
  'Full?',
  'Approved?',
  'x > 0?',
]
const DATA = ['Orders', 'Input', 'Sensor data', 'Results', 'Price list', 'Readings', 'Settings', 'Names']
const DOCUMENTS = ['Invoice', 'Report', 'Receipt', 'Contract', 'Label', 'Letter', 'Summary']
const STARTS = ['Start', 'Begin', 'New order', 'Open']
const ENDS = ['End', 'Done', 'Stop', 'Finish', 'Cancel', 'Reject']

/** The text inside a shape; first and last steps of a chart get their own words. */
export function wordsFor(kind: NodeKind, place: 'first' | 'inner' | 'last', random: Random): string {
  switch (kind) {
    case 'process':
      return `${random.pick(STEPS.verbs)} ${random.pick(STEPS.nouns)}`
    case 'decision':
      return random.pick(QUESTIONS)
    case 'data':
      return random.pick(DATA)
    case 'document':
      return random.pick(DOCUMENTS)
    case 'terminator':
      return random.pick(place === 'first' ? STARTS : ENDS)
  }
}
