import { describe, expect, it } from 'vitest'
import { AnnotationDocument } from '../../server/contracts/annotation.ts'
import { BoxId, ExpressionId } from '../../server/contracts/ids.ts'
import type { NormalisedBox } from '../../server/contracts/prediction.ts'
import { acceptanceChanges, undone } from './accept-prediction.ts'

const DOCUMENT = AnnotationDocument.parse({
  expressions: [{ id: 'e1', kind: 'class', text: 'valve', position: 4 }],
  boxes: [
    {
      ...{ id: 'b1', x: 0, y: 0, width: 100, height: 50, position: 7, expressionIds: ['e1'] },
      ...{ attributes: {}, origin: { by: 'person' } },
    },
  ],
})

function accept(expression: string, boxes: NormalisedBox[]) {
  let made = 0
  const sample = { width: 1000, height: 500, expression, kind: 'phrase' as const }
  const next = () => {
    made += 1
    return `new${made}`
  }
  const ids = { box: () => BoxId.parse(next()), expression: () => ExpressionId.parse(next()) }
  return acceptanceChanges(DOCUMENT, { sample, boxes, model: 'tuned', runId: 'r1' }, ids)
}

describe('accepting a prediction', () => {
  it('adds what is not annotated yet, in pixels, and says which model it came from', () => {
    const changes = accept('valve', [
      [0, 0, 98, 100],
      [500, 500, 600, 700],
    ])
    expect(changes).toHaveLength(1)
    expect(changes[0]?.after).toMatchObject({
      ...{ x: 500, y: 250, width: 100, height: 100, position: 8, expressionIds: ['e1'] },
      origin: { by: 'model', model: 'tuned', runId: 'r1' },
    })
  })

  it('makes the expression first when nobody asks for it any more', () => {
    const changes = accept('a red pump', [[1, 1, 9, 9]])
    expect(changes.map(({ type }) => type)).toEqual(['expression', 'box'])
    expect(changes[0]?.after).toMatchObject({ text: 'a red pump', kind: 'phrase', position: 5 })
  })

  it('changes nothing when every box is annotated already, or none was predicted', () => {
    expect(accept('valve', [[0, 0, 98, 100]])).toEqual([])
    expect(accept('a red pump', [])).toEqual([])
  })

  it('can be taken back, boxes before their expression', () => {
    const changes = undone(accept('a red pump', [[1, 1, 9, 9]]))
    expect(changes.map(({ type, after }) => [type, after])).toEqual([
      ['box', null],
      ['expression', null],
    ])
  })
})
