import type { Editor } from '../editor/editor.ts'
import { DEFAULT_VIEW, type ViewSettings } from '../editor/view-settings.ts'
import { screenPoint } from '../geometry/points.ts'
import { boundsOf } from '../geometry/rects.ts'
import { turnBy } from '../geometry/turn.ts'
import { centred, fitImage, fitRect, turnView, zoomAt } from '../geometry/viewport.ts'
import { always, type EditorAction, withAny } from './action.ts'

const ZOOM_STEP = 1.25
const LEVEL_STEP = 0.1

type Switch = {
  [Key in keyof ViewSettings]: ViewSettings[Key] extends boolean ? Key : never
}[keyof ViewSettings]

const toggle = <Name extends Switch>(name: Name, keys: readonly string[]): EditorAction<Name> => ({
  name,
  group: 'view',
  keys,
  isAvailable: always,
  run: ({ editor }) => editor.setView({ [name]: !editor.getState().view[name] }),
})

const level = <Name extends string>(
  name: Name,
  setting: 'brightness' | 'contrast',
  direction: 1 | -1,
): EditorAction<Name> => ({
  name,
  group: 'view',
  keys: [],
  isAvailable: always,
  run: ({ editor }) => editor.setLevel(setting, editor.getState().view[setting] + direction * LEVEL_STEP),
})

export const VIEW_ACTIONS = [
  {
    name: 'fit',
    group: 'view',
    keys: ['0'],
    isAvailable: always,
    run: ({ editor }) => {
      const { doc, area, viewport } = editor.getState()
      editor.setViewport(fitImage(doc.image, area, { turn: viewport.turn }), true)
    },
  },
  {
    name: 'actualSize',
    group: 'view',
    keys: ['shift+0'],
    isAvailable: always,
    run: ({ editor }) => {
      const { doc, area, viewport } = editor.getState()
      editor.setViewport(centred(doc.image, area, 1, viewport.turn))
    },
  },
  {
    name: 'zoomSelection',
    group: 'view',
    keys: ['z'],
    isAvailable: withAny,
    run: ({ editor }) => {
      const { doc, area, viewport, selection } = editor.getState()
      const boxes = selection.flatMap((id) => doc.boxes.get(id) ?? [])
      editor.setViewport(fitRect(boundsOf(boxes), area, viewport.turn))
    },
  },
  {
    name: 'zoomIn',
    group: 'view',
    keys: ['=', '+'],
    isAvailable: always,
    run: ({ editor }) => zoom(editor, ZOOM_STEP),
  },
  {
    name: 'zoomOut',
    group: 'view',
    keys: ['-'],
    isAvailable: always,
    run: ({ editor }) => zoom(editor, 1 / ZOOM_STEP),
  },
  {
    name: 'turnRight',
    group: 'view',
    keys: ['.'],
    isAvailable: always,
    run: ({ editor }) => turn(editor, 1),
  },
  {
    name: 'turnLeft',
    group: 'view',
    keys: [','],
    isAvailable: always,
    run: ({ editor }) => turn(editor, -1),
  },
  toggle('minimap', ['m']),
  toggle('crosshair', ['k']),
  toggle('rulers', ['shift+m']),
  toggle('names', ['t']),
  level('brighter', 'brightness', 1),
  level('darker', 'brightness', -1),
  level('moreContrast', 'contrast', 1),
  level('lessContrast', 'contrast', -1),
  {
    name: 'resetLevels',
    group: 'view',
    keys: [],
    isAvailable: ({ view }) => view.brightness !== 1 || view.contrast !== 1,
    run: ({ editor }) => {
      const { brightness, contrast } = DEFAULT_VIEW
      editor.setView({ brightness, contrast })
    },
  },
] as const satisfies readonly EditorAction[]

function zoom(editor: Editor, factor: number): void {
  const { viewport, area } = editor.getState()
  editor.setViewport(zoomAt(viewport, screenPoint(area.width / 2, area.height / 2), factor))
}

function turn(editor: Editor, quarters: 1 | -1): void {
  const { doc, viewport, area, fitted } = editor.getState()
  const next = turnBy(viewport.turn, quarters)
  if (fitted) editor.setViewport(fitImage(doc.image, area, { turn: next }), true)
  else editor.setViewport(turnView(viewport, area, next))
}
