import { runAction } from '../components/annotator/actions/registry.ts'
import { orderedBoxes, orderedExpressions } from '../components/annotator/document/doc.ts'
import {
  deleteExpression,
  placeBoxes,
  relabelBoxes,
  renameExpression,
  toggleAnswer,
  toggleNegative,
} from '../components/annotator/document/edit.ts'
import { imagePoint } from '../components/annotator/geometry/points.ts'
import { toScreen } from '../components/annotator/geometry/viewport.ts'
import { contextOf } from '../components/annotator/testing/context.ts'
import { NOTHING_HELD } from '../components/annotator/testing/driver.ts'
import { type Act, TEXTS } from './act.ts'
import { IMAGE } from './server.ts'
import type { Tab } from './tab.ts'

/** What a person does with hand and keys in the editor of this tab. */
export function edit(tab: Tab, { kind, pick, x, y, choices }: Act): void {
  const { editor } = tab.session
  const { doc, gesture } = editor.getState()
  const boxes = orderedBoxes(doc)
  const box = boxes[pick % Math.max(1, boxes.length)]
  const expressions = orderedExpressions(doc)
  const expression = expressions[pick % Math.max(1, expressions.length)]
  const text = TEXTS[choices % TEXTS.length] ?? ''
  const entry = { kind: 'class', text } as const
  const context = contextOf({ editor }, { clipboard: tab.clipboard })
  if (kind === 'drop') point(tab, 'release', x, y)
  // One hand: nothing else begins before the box is let go.
  if (gesture.at !== 'idle') return
  switch (kind) {
    case 'draw':
      editor.setTool('draw')
      editor.setActive(entry)
      point(tab, 'press', x, y)
      point(tab, 'move', x + 40, y + 40)
      point(tab, 'release', x + 60 + pick, y + 80)
      editor.setUnnamed(null)
      return
    case 'grab':
      if (!box) return
      editor.setTool('select')
      point(tab, 'press', box.x + box.width / 2, box.y + box.height / 2)
      point(tab, 'move', x, y)
      return
    case 'move':
      if (box)
        place(tab, 'move', [
          { ...box, x: Math.min(x, IMAGE.width - box.width), y: Math.min(y, IMAGE.height - box.height) },
        ])
      return
    case 'resize':
      if (box) place(tab, 'resize', [{ ...box, width: Math.min(30 + (x % 90), IMAGE.width - box.x) }])
      return
    case 'moveAll': {
      const left = Math.min(...boxes.map((each) => each.x), 7)
      place(
        tab,
        'move',
        boxes.map((each) => ({ ...each, x: each.x - left })),
      )
      return
    }
    case 'relabel':
      if (box) editor.commit('relabel', relabelBoxes(doc, chosen(), entry, editor.ids))
      return
    case 'answer':
      if (box) editor.commit('answer', toggleAnswer(doc, [box.id], entry, editor.ids))
      return
    case 'negative':
      editor.commit('negative', toggleNegative(doc, entry, editor.ids) ?? [])
      return
    case 'rename':
      if (expression) editor.commit('rename', renameExpression(doc, expression.id, text) ?? [])
      return
    case 'deleteExpression':
      if (expression) editor.commit('delete', deleteExpression(doc, expression.id))
      return
    case 'undo':
      editor.undo()
      return
    case 'redo':
      editor.redo()
      return
    case 'paste':
      runAction('paste', context)
      return
    case 'nudge':
      if (box) editor.select([box.id])
      runAction(choices % 2 ? 'nudgeRight' : 'nudgeDown', context)
      return
    case 'delete':
    case 'duplicate':
    case 'copy':
      editor.select(chosen())
      runAction(kind, context)
      return
    default:
      return
  }

  /** One box, or with every fourth pick the first three. */
  function chosen() {
    return (pick % 4 === 3 ? boxes.slice(0, 3) : box ? [box] : []).map((each) => each.id)
  }
}

function place(
  tab: Tab,
  step: 'move' | 'resize',
  boxes: readonly { id: string; x: number; y: number; width: number; height: number }[],
): void {
  const { editor } = tab.session
  const { doc } = editor.getState()
  const places = new Map(
    [...doc.boxes.keys()].flatMap((id) => {
      const found = boxes.find((box) => box.id === id)
      return found
        ? [[id, { x: found.x, y: found.y, width: found.width, height: found.height }] as const]
        : []
    }),
  )
  editor.commit(step, placeBoxes(doc, places))
}

function point(tab: Tab, type: 'press' | 'move' | 'release', x: number, y: number): void {
  const { editor } = tab.session
  const image = imagePoint(x, y)
  const screen = toScreen(editor.getState().viewport, image)
  editor.handle({ type, pointer: { image, screen, ...NOTHING_HELD } })
}
