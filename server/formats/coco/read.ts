import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { BoxAttributes, ExpressionText } from '../../contracts/annotation.ts'
import { StudioError } from '../../errors.ts'
import type { Size } from '../../grounding/coordinates.ts'
import type { GroundedExpression } from '../../grounding/document.ts'
import { safeImagePath } from '../image-path.ts'
import { parseJson, throwUnreadable } from '../internvl/read.ts'
import { expressionMessage, fieldName } from '../internvl/read-record.ts'
import type { GroundedItem, Item, SourceDataset } from '../item.ts'
import type { Findings } from '../problems.ts'
import { type CocoAnnotation, CocoFile, type CocoImage } from './shape.ts'

export interface CocoSource {
  input: string
  images: string | null
  allowAbsolute: boolean
  /** Reads the size of a picture whose entry does not say it; null when it cannot be read. */
  measure: (file: string) => Promise<Size | null>
}

/** Pictures handed on at once. */
const BATCH = 500

/**
 * A COCO detection file. Categories are the expressions; the annotations of a picture count in the order of
 * their ids. `neg_category_ids` (as LVIS has it) states what a picture does not show.
 * @throws StudioError BAD_FILE when the file is no COCO at all
 */
export async function readCoco(source: CocoSource, findings: Findings): Promise<SourceDataset> {
  const { input } = source
  const parsed = CocoFile.safeParse(
    parseJson(await readFile(input, 'utf8').catch(throwUnreadable(input)), input),
  )
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new StudioError('BAD_FILE', {
      message: `${input}:${fieldName(issue?.path ?? [])}: ${issue?.message}. COCO has the lists images, annotations and categories.`,
    })
  }
  const root = path.resolve(source.images ?? path.dirname(input))
  const name = path.basename(input).replace(/\.json$/, '')
  return {
    name,
    root,
    repeatTime: 1,
    dataAugment: false,
    items: itemsOf(parsed.data, root, source, findings),
  }
}

async function* itemsOf(
  coco: CocoFile,
  root: string,
  source: CocoSource,
  findings: Findings,
): AsyncGenerator<Item[]> {
  const place = (field: string) => ({ file: source.input, line: null, field })
  const categories = readCategories(coco, source.input, findings)
  const byImage = groupAnnotations(coco, source.input, findings)
  const seen = new Set<number | string>()
  let batch: Item[] = []
  for (const [index, image] of coco.images.entries()) {
    if (seen.has(image.id)) {
      findings.problem(
        place(`images[${index}].id`),
        `the id ${image.id} is taken by an earlier picture. Give it another.`,
      )
      continue
    }
    seen.add(image.id)
    const file = safeImagePath(image.file_name, root, source.allowAbsolute)
    if (!file.ok) {
      findings.problem(place(`images[${index}].file_name`), file.message)
      continue
    }
    const size = sizeOf(image) ?? (await source.measure(path.resolve(root, file.path)))
    if (!size) {
      findings.problem(
        place(`images[${index}]`),
        `${image.file_name} has no width and height, and the picture cannot be read in ${root}. Name its folder with --images.`,
      )
      continue
    }
    const report = (field: string, message: string) =>
      findings.problem(place(field === '' ? `images[${index}]` : field), message)
    const expressions = expressionsOf(image, byImage.get(image.id) ?? [], categories, report, findings)
    if (!expressions) continue
    const item: GroundedItem = {
      kind: 'grounded',
      id: image.id,
      image: file.path,
      size,
      expressions,
      source: null,
    }
    batch.push(item)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  for (const [imageId, annotations] of byImage) {
    if (seen.has(imageId)) continue
    for (const { index } of annotations) {
      findings.problem(place(`annotations[${index}].image_id`), `there is no picture with the id ${imageId}.`)
    }
  }
  yield batch
}

type Category = Pick<GroundedExpression, 'kind' | 'text'>
type Indexed = CocoAnnotation & { index: number }

function readCategories(coco: CocoFile, input: string, findings: Findings): Map<number, Category> {
  const categories = new Map<number, Category>()
  for (const [index, { id, name, supercategory }] of coco.categories.entries()) {
    const place = { file: input, line: null, field: `categories[${index}].name` }
    const text = ExpressionText.safeParse(name)
    if (!text.success || text.data !== name) findings.problem(place, expressionMessage(name))
    else if (categories.has(id))
      findings.problem(
        { ...place, field: `categories[${index}].id` },
        `the id ${id} is taken by an earlier category.`,
      )
    else categories.set(id, { kind: supercategory === 'phrase' ? 'phrase' : 'class', text: name })
  }
  return categories
}

/** In order of their ids, which is the order of annotation; a crowd is no single thing to point at. */
function groupAnnotations(
  coco: CocoFile,
  input: string,
  findings: Findings,
): Map<number | string, Indexed[]> {
  const byImage = new Map<number | string, Indexed[]>()
  for (const [index, annotation] of coco.annotations.entries()) {
    if (annotation.iscrowd === 1) {
      findings.notice(
        'crowd',
        '{} crowd regions were left out: their box stands for many things, not for one.',
      )
      continue
    }
    if (!annotation.bbox) {
      findings.problem(
        { file: input, line: null, field: `annotations[${index}].bbox` },
        'the annotation has no box. Delete it, or give it bbox [x, y, width, height].',
      )
      continue
    }
    const group = byImage.get(annotation.image_id)
    if (group) group.push({ ...annotation, index })
    else byImage.set(annotation.image_id, [{ ...annotation, index }])
  }
  for (const group of byImage.values()) group.sort((a, b) => a.id - b.id)
  return byImage
}

/** All boxes of a category in one list, categories in the order in which they first appear. */
function expressionsOf(
  image: CocoImage,
  annotations: readonly Indexed[],
  categories: ReadonlyMap<number, Category>,
  report: (field: string, message: string) => void,
  findings: Findings,
): GroundedExpression[] | null {
  const found = new Map<string, GroundedExpression>()
  let isBroken = false
  const take = (key: string, categoryId: number, field: string) => {
    const category = categories.get(categoryId)
    if (!category) {
      report(field, `there is no category with the id ${categoryId}, or its name was refused.`)
      isBroken = true
      return null
    }
    const expression = found.get(key) ?? { ...category, boxes: [] }
    found.set(key, expression)
    return expression
  }
  const stated = image.expression_category_ids ?? []
  // Written by us, because annotations alone do not tell the order of negatives, or a text that stands twice.
  for (const [at, id] of stated.entries()) take(`${at}`, id, 'images.expression_category_ids')
  for (const { index, category_id: id, bbox, expression_index: at, attributes } of annotations) {
    const place = at !== undefined && stated[at] === id ? at : stated.indexOf(id)
    const expression = take(
      place < 0 ? `category ${id}` : `${place}`,
      id,
      `annotations[${index}].category_id`,
    )
    const [x = Number.NaN, y = Number.NaN, width = Number.NaN, height = Number.NaN] = bbox ?? []
    if (!(width > 0 && height > 0)) {
      report(
        `annotations[${index}].bbox`,
        `the box [${bbox?.join(', ')}] has no width or no height. COCO boxes are [x, y, width, height].`,
      )
      isBroken = true
      continue
    }
    if (!expression) continue
    expression.boxes.push([x, y, x + width, y + height])
    const read = readAttributes(attributes, findings)
    // Boxes before it had none; the two lists go together.
    if (read) expression.attributes ??= expression.boxes.slice(1).map(() => ({}))
    expression.attributes?.push(read ?? {})
  }
  const negatives = new Set<Category>()
  for (const id of image.neg_category_ids ?? []) {
    const place = stated.indexOf(id)
    const key = place < 0 ? `category ${id}` : `${place}`
    const expression = take(key, id, 'images.neg_category_ids')
    if (expression) negatives.add(expression)
  }
  if (isBroken) return null
  // Somebody deleted its boxes: that states nothing about the picture.
  return [...found.values()].filter((expression) => expression.boxes.length > 0 || negatives.has(expression))
}

/** Texts, numbers and truth values; null where there is nothing. */
function readAttributes(
  attributes: Record<string, unknown> | undefined,
  findings: Findings,
): BoxAttributes | null {
  if (!attributes) return null
  const read: BoxAttributes = {}
  for (const [name, value] of Object.entries(attributes)) {
    const parsed = BoxAttributes.safeParse({ [name]: value })
    if (parsed.success) Object.assign(read, parsed.data)
    else if (value !== null) {
      findings.notice(
        'attribute',
        '{} attributes were left out: a value is a text, a number, or true or false.',
      )
    }
  }
  return Object.keys(read).length > 0 ? read : null
}

function sizeOf({ width, height }: CocoImage): Size | null {
  return width && height ? { width, height } : null
}
