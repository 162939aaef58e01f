import { type KeyPress, matchesStroke, parseShortcut } from '../../app-shell/keys.ts'
import type { ActionContext, EditorAction, ImageWays } from './action.ts'
import { BOX_ACTIONS } from './box-actions.ts'
import { CLIPBOARD_ACTIONS } from './clipboard-actions.ts'
import { EXPRESSION_ACTIONS } from './expression-actions.ts'
import { IMAGE_ACTIONS } from './image-actions.ts'
import { SELECTION_ACTIONS } from './selection-actions.ts'
import { SUGGESTION_ACTIONS } from './suggestion-actions.ts'
import { TEAM_ACTIONS } from './team-actions.ts'
import { TOOL_ACTIONS } from './tool-actions.ts'
import { VIEW_ACTIONS } from './view-actions.ts'

const ALL = [
  ...TOOL_ACTIONS,
  ...SELECTION_ACTIONS,
  ...BOX_ACTIONS,
  ...CLIPBOARD_ACTIONS,
  ...EXPRESSION_ACTIONS,
  ...SUGGESTION_ACTIONS,
  ...VIEW_ACTIONS,
  ...IMAGE_ACTIONS,
  ...TEAM_ACTIONS,
] as const

export type ActionName = (typeof ALL)[number]['name']

/** Everything that can be done in the editor: keys, toolbar, palette and help sheet are made from it. */
export const ACTIONS: readonly EditorAction<ActionName>[] = ALL

/** The keys of every action; a preset, or what a person has made of it. */
export type Keymap = ReadonlyMap<ActionName, readonly string[]>

const byName = new Map(ACTIONS.map((action) => [action.name, action]))

export function actionNamed(name: ActionName): EditorAction<ActionName> {
  const action = byName.get(name)
  if (!action) throw new Error(`There is no action named ${name}.`)
  return action
}

export function isOffered({ needs }: EditorAction, ways: ImageWays): boolean {
  return !needs || ways[needs] !== null
}

export function runAction(name: ActionName, context: ActionContext, digit = 0): boolean {
  const action = actionNamed(name)
  if (!action.isAvailable(context.editor.getState(), context)) return false
  action.run(context, digit)
  return true
}

export interface Pressed {
  action: EditorAction<ActionName>
  /** The digit on the key, for actions with one key per entry. */
  digit: number
  /** As the keymap writes it. */
  keys: string
}

/** The action of a key press; null = not ours. */
export function actionOfPress(press: KeyPress, isMac: boolean, keymap: Keymap): Pressed | null {
  for (const action of ACTIONS) {
    for (const keys of keymap.get(action.name) ?? []) {
      const [stroke] = parseShortcut(keys)
      if (stroke && matchesStroke(stroke, press, isMac)) {
        return { action, digit: Number(stroke.key) || 0, keys }
      }
    }
  }
  return null
}
