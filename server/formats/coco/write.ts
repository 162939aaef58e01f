import { createReadStream } from 'node:fs'
import path from 'node:path'
import type { BoxAttributes } from '../../contracts/annotation.ts'
import { boxProblem } from '../../grounding/coordinates.ts'
import type { GroundedExpression } from '../../grounding/document.ts'
import type { GroundedItem, Item } from '../item.ts'
import { OutputFile } from '../output-file.ts'
import type { Findings } from '../problems.ts'
import type { FormatWriter } from '../writer.ts'
import type { CocoAnnotation, CocoImage } from './shape.ts'

/**
 * Writes one COCO file. Annotations go to the disk as they come; pictures and categories, of which there are
 * fewer, wait for the end because records that share a picture become one.
 */
export class CocoWriter implements FormatWriter {
  readonly #target: string
  readonly #findings: Findings
  readonly #images = new Map<string, CocoImage & { expressions: number[]; negatives: number[] }>()
  readonly #ids = new Set<number | string>()
  readonly #categories = new Map<string, { id: number; name: string; supercategory: string }>()
  #annotations: OutputFile | null = null
  #annotationCount = 0
  #records = 0

  /** @param output a `.json` file, or a folder that gets `instances.json` */
  constructor(output: string, findings: Findings) {
    this.#target = output.endsWith('.json') ? output : path.join(output, 'instances.json')
    this.#findings = findings
  }

  async begin(): Promise<void> {
    this.#annotations ??= await OutputFile.open(`${this.#target}.annotations`)
  }

  add(item: Item): Promise<void> | undefined {
    if (item.kind === 'conversation') {
      this.#findings.notice(
        'conversation',
        '{} records are plain conversations, for which COCO has no place; they were left out.',
      )
      return undefined
    }
    const size = item.size
    if (!size) {
      this.#findings.problem(
        { file: item.image, line: null, field: 'width' },
        'the record does not say how large its picture is. Name the folder of the pictures with --images.',
      )
      return undefined
    }
    const image = this.#imageOf(item)
    if (!image) return undefined
    this.#records += 1
    const lines = item.expressions.map((expression) => this.#annotate(image, expression, size))
    return this.#annotations?.write(lines.join(''))
  }

  /** One entry a picture: data often has a record for every phrase. */
  #imageOf({ id, image, size }: GroundedItem) {
    const known = this.#images.get(image)
    if (known) {
      if (known.width === size?.width && known.height === size?.height) return known
      this.#findings.problem(
        { file: image, line: null, field: 'width' },
        `two records give this picture different sizes (${known.width} × ${known.height}, ${size?.width} × ${size?.height}).`,
      )
      return null
    }
    let unique = id ?? this.#images.size + 1
    if (this.#ids.has(unique)) {
      unique = this.#images.size + 1
      while (this.#ids.has(unique)) unique = Number(unique) + 1
      this.#findings.notice('renumbered', '{} pictures got a new id, because another picture has theirs.')
    }
    this.#ids.add(unique)
    const entry = { id: unique, file_name: image, ...size, expressions: [], negatives: [] }
    this.#images.set(image, entry)
    return entry
  }

  #annotate(
    image: CocoImage & { expressions: number[]; negatives: number[] },
    { kind, text, boxes, attributes }: GroundedExpression,
    size: { width: number; height: number },
  ): string {
    const place = { file: image.file_name, line: null, field: text }
    const category = this.#categoryOf(kind, text)
    image.expressions.push(category)
    if (boxes.length === 0) image.negatives.push(category)
    return boxes
      .map((corners, at) => {
        const problem = boxProblem(corners, size)
        if (problem)
          this.#findings.problem(place, `the box (${corners.join(', ')}) cannot be used: ${problem.code}.`)
        const [x1, y1, x2, y2] = corners
        const [width, height] = [x2 - x1, y2 - y1]
        this.#annotationCount += 1
        const annotation = {
          id: this.#annotationCount,
          image_id: image.id,
          category_id: category,
          bbox: [x1, y1, width, height],
          area: width * height,
          iscrowd: 0,
          ...withAttributes(attributes?.[at]),
          expression_index: image.expressions.length - 1,
        } satisfies CocoAnnotation & { area: number }
        return `${this.#annotationCount === 1 ? '' : ',\n'}${JSON.stringify(annotation)}`
      })
      .join('')
  }

  #categoryOf(kind: GroundedExpression['kind'], text: string): number {
    const key = `${kind} ${text}`
    const known = this.#categories.get(key)
    if (known) return known.id
    const id = this.#categories.size + 1
    this.#categories.set(key, { id, name: text, supercategory: kind })
    return id
  }

  async commit(): Promise<{ files: string[]; records: number }> {
    const part = await this.#annotations?.readBack()
    const file = await OutputFile.open(this.#target)
    try {
      await file.write('{"images":[\n')
      let separator = ''
      for (const { expressions, negatives, ...image } of this.#images.values()) {
        const entry: CocoImage = { ...image }
        if (negatives.length > 0) entry.neg_category_ids = negatives
        entry.expression_category_ids = expressions
        await file.write(`${separator}${JSON.stringify(entry)}`)
        separator = ',\n'
      }
      await file.write('\n],"annotations":[\n')
      for await (const chunk of part ? createReadStream(part, 'utf8') : []) await file.write(chunk)
      await file.write(`\n],"categories":${JSON.stringify([...this.#categories.values()])}}\n`)
      await file.commit()
    } catch (error) {
      await file.discard()
      throw error
    }
    await this.#annotations?.discard()
    return { files: [this.#target], records: this.#records }
  }

  async discard(): Promise<void> {
    await this.#annotations?.discard()
  }
}

function withAttributes(attributes: BoxAttributes | undefined): Pick<CocoAnnotation, 'attributes'> {
  return attributes && Object.keys(attributes).length > 0 ? { attributes } : {}
}
