import { matchesStroke, parseShortcut } from '../../app-shell/keys.ts'
import type { ActionContext, EditorAction } from './action.ts'
import { BOX_ACTIONS } from './box-actions.ts'
import { VIEW_ACTIONS } from './view-actions.ts'

export type ActionName = (typeof BOX_ACTIONS | typeof VIEW_ACTIONS)[number]['name']

export const ACTIONS: readonly EditorAction<ActionName>[] = [...VIEW_ACTIONS, ...BOX_ACTIONS]

const byName = new Map(ACTIONS.map((action) => [action.name, action]))

export function actionNamed(name: ActionName): EditorAction<ActionName> {
  const action = byName.get(name)
  if (!action) throw new Error(`There is no action named ${name}.`)
  return action
}

export function runAction(name: ActionName, context: ActionContext, digit = 0): boolean {
  const action = actionNamed(name)
  if (!action.isAvailable(context.editor.getState(), context)) return false
  action.run(context, digit)
  return true
}

/** The action of a key press and the digit on the key; null = not ours. */
export function actionOfPress(
  press: KeyboardEvent,
  isMac: boolean,
): { action: EditorAction<ActionName>; digit: number } | null {
  for (const action of ACTIONS) {
    for (const keys of action.keys) {
      const [stroke] = parseShortcut(keys)
      if (stroke && matchesStroke(stroke, press, isMac)) return { action, digit: Number(stroke.key) || 0 }
    }
  }
  return null
}
