import { z } from 'zod'
import { ExpressionKind, ExpressionText } from './annotation.ts'
import { ProjectId } from './ids.ts'
import { PromptLanguage } from './project.ts'

/** Outlines that the builder can draw, whatever the language they were written in. */
export const NodeShape = z.enum([
  'rectangle',
  'rounded',
  'stadium',
  'circle',
  'doubleCircle',
  'ellipse',
  'diamond',
  'parallelogram',
  'parallelogramAlt',
  'document',
  'cylinder',
  'subroutine',
  'hexagon',
  'trapezoid',
  'trapezoidAlt',
  'flag',
])
export type NodeShape = z.infer<typeof NodeShape>

/** Everything on a chart that gets a box: its shapes, connectors with and without a head, and frames. */
export const ChartThing = z.enum([...NodeShape.options, 'arrow', 'line', 'group'])
export type ChartThing = z.infer<typeof ChartThing>

export const ChartClass = z.object({
  names: z.object({ en: ExpressionText, zh: ExpressionText }),
  /** Never the same thing in two classes. A thing in none is drawn and gets no box. */
  things: z.array(ChartThing).min(1),
})
export type ChartClass = z.infer<typeof ChartClass>

/** The symbols of ISO 5807, in the order of how often one meets them. */
export const DEFAULT_CLASSES: readonly ChartClass[] = [
  { names: { en: 'process', zh: '流程' }, things: ['rectangle', 'rounded'] },
  { names: { en: 'decision', zh: '判断' }, things: ['diamond'] },
  { names: { en: 'terminator', zh: '起止框' }, things: ['stadium', 'circle', 'doubleCircle', 'ellipse'] },
  { names: { en: 'data', zh: '数据' }, things: ['parallelogram', 'parallelogramAlt'] },
  { names: { en: 'document', zh: '文档' }, things: ['document'] },
  { names: { en: 'database', zh: '数据库' }, things: ['cylinder'] },
  { names: { en: 'predefined process', zh: '预定义流程' }, things: ['subroutine'] },
  { names: { en: 'preparation', zh: '准备' }, things: ['hexagon'] },
  { names: { en: 'manual operation', zh: '人工操作' }, things: ['trapezoid', 'trapezoidAlt'] },
  { names: { en: 'flag', zh: '旗形框' }, things: ['flag'] },
  { names: { en: 'arrow', zh: '箭头' }, things: ['arrow'] },
  { names: { en: 'line', zh: '连线' }, things: ['line'] },
  { names: { en: 'group', zh: '分组' }, things: ['group'] },
]

export const ChartClasses = z
  .array(ChartClass)
  .min(1)
  .max(40)
  .superRefine((classes, context) => {
    const repeated = (values: readonly string[]) => values.find((value, at) => values.indexOf(value) !== at)
    const complain = (message: string) => context.addIssue({ code: 'custom', message })
    const thing = repeated(classes.flatMap(({ things }) => [...new Set(things)]))
    if (thing) complain(`chart.thingInTwoClasses: ${thing}`)
    for (const language of PromptLanguage.options) {
      const name = repeated(classes.map(({ names }) => names[language].toLowerCase()))
      if (name) complain(`chart.nameOfTwoClasses: ${name}`)
    }
  })

export const ChartStyleName = z.enum(['clean', 'coloured', 'solid', 'dark', 'sketch'])
export type ChartStyleName = z.infer<typeof ChartStyleName>

/** What happens to a finished picture; each of the chosen ones to a share of the pictures. */
export const ChartEffect = z.enum(['paper', 'scan', 'blur', 'jpeg'])
export type ChartEffect = z.infer<typeof ChartEffect>

/** What a phrase goes by: the place, the neighbour, the words in the shape, the ends of an arrow, its label. */
export const PhraseKind = z.enum(['place', 'after', 'before', 'words', 'between', 'label'])
export type PhraseKind = z.infer<typeof PhraseKind>

/** One picture takes some 50 ms, so this many take a few minutes on two cores. */
export const MAX_PICTURES = 5_000
const pictureSide = z.number().int().min(320).max(4096)

export const DrawOptions = z.object({
  /** The same seed and the same sources draw the same bytes. */
  seed: z.number().int().min(0).max(0xffffffff).default(1),
  /** Language of class names and phrases. */
  language: PromptLanguage.default('en'),
  /** Language of the words inside invented charts. */
  texts: z.enum([...PromptLanguage.options, 'both']).default('both'),
  styles: z
    .array(ChartStyleName)
    .min(1)
    .default([...ChartStyleName.options]),
  effects: z.array(ChartEffect).default([...ChartEffect.options]),
  /** Range of the longer side, pixels. A chart with many shapes is drawn larger within it. */
  size: z
    .object({ low: pictureSide, high: pictureSide })
    .refine(({ low, high }) => low <= high, 'chart.sizeOrder')
    .default({ low: 640, high: 1920 }),
  /** Whether positions that a file brings along (draw.io) are kept or laid out anew. */
  layout: z.enum(['asDrawn', 'fresh']).default('asDrawn'),
  classes: ChartClasses.default([...DEFAULT_CLASSES]),
  /** some: a third of the pictures carry one phrase; many: each up to three. */
  phrases: z.enum(['none', 'some', 'many']).default('some'),
  phraseKinds: z
    .array(PhraseKind)
    .min(1)
    .default([...PhraseKind.options]),
  /** Whether some pictures state a class that they do not show. */
  negatives: z.boolean().default(true),
  /** Invented charts, after those of the sources. */
  random: z.number().int().min(0).max(MAX_PICTURES).default(0),
  /** Pictures of each chart of the sources, each in another style. */
  copies: z.number().int().min(1).max(1000).default(1),
  /** Share of the pictures, the last ones, that stay without annotations and without a split. */
  unannotated: z.number().min(0).max(1).default(0),
})
export type DrawOptions = z.infer<typeof DrawOptions>

export const MAX_SOURCE_FILES = 500
/** Longest text of one source, characters. */
export const MAX_SOURCE_LENGTH = 2_000_000

/** A file as text, or what was pasted. */
export const ChartSource = z.object({ name: z.string().min(1).max(400), text: z.string() })
export type ChartSource = z.infer<typeof ChartSource>

export const ChartSources = z.array(ChartSource).max(MAX_SOURCE_FILES)

/** Why a source cannot be drawn. A key of the catalogue under `charts.problems`. */
export const SourceProblemReason = z.enum([
  'unknownFormat',
  'tooLong',
  'noChart',
  'tooManyShapes',
  'missingGlyph',
  'mermaidKind',
  'mermaidDirection',
  'mermaidStatement',
  'mermaidDangling',
  'mermaidUnclosed',
  'mermaidBracket',
  'mermaidShape',
  'mermaidNoEnd',
  'mermaidExtraEnd',
  'dotSyntax',
  'dotHtmlLabel',
  'dotRecord',
  'xmlSyntax',
  'drawioNotDrawio',
  'drawioCompressed',
  'drawioGeometry',
])
export type SourceProblemReason = z.infer<typeof SourceProblemReason>

/** What was read but does not show in the pictures. A key of the catalogue under `charts.notes`. */
export const SourceNoteReason = z.enum([
  'stylingIgnored',
  'groupDirectionIgnored',
  'invisibleLink',
  'unknownShape',
  'portIgnored',
  'looseArrow',
  'emptyPage',
  'emptyGroup',
])
export type SourceNoteReason = z.infer<typeof SourceNoteReason>

const place = {
  file: z.string(),
  /** From 1; null when the file has no lines that a person would count. */
  line: z.number().int().min(1).nullable(),
  /** The word, shape or page that it is about. */
  detail: z.string(),
}
export const SourceProblem = z.object({ reason: SourceProblemReason, ...place })
export type SourceProblem = z.infer<typeof SourceProblem>
export const SourceNote = z.object({ reason: SourceNoteReason, ...place })
export type SourceNote = z.infer<typeof SourceNote>

export const PreviewDrawing = z.object({ sources: ChartSources, options: DrawOptions })
export const StartDrawing = PreviewDrawing.extend({ projectId: ProjectId })
export const OneDrawing = z.object({ projectId: ProjectId })

/** A few pictures of a drawing before it is made, and what is to be known about its sources. */
export const DrawingPreview = z.object({
  /** Pictures that the whole drawing will have. */
  count: z.number().int(),
  charts: z.number().int(),
  problems: z.array(SourceProblem),
  notes: z.array(SourceNote),
  pictures: z.array(
    z.object({
      fileName: z.string(),
      /** A data URL of a smaller copy. */
      url: z.string(),
      /** Of the picture itself, which the boxes are in. */
      width: z.number().int(),
      height: z.number().int(),
      expressions: z.array(
        z.object({
          kind: ExpressionKind,
          text: z.string(),
          boxes: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])),
        }),
      ),
    }),
  ),
})
export type DrawingPreview = z.infer<typeof DrawingPreview>

/** How a drawing into a project goes; the last one of the project, also after its end. */
export const DrawingState = z.object({
  id: z.string(),
  total: z.number().int(),
  done: z.number().int(),
  /** Pictures that the project had already. */
  duplicates: z.number().int(),
  status: z.enum(['drawing', 'finished', 'cancelled', 'failed']),
  /** Why it failed, in words for a person. */
  reason: z.string().nullable(),
  startedAt: z.date(),
})
export type DrawingState = z.infer<typeof DrawingState>
