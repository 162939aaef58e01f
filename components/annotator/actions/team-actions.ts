import type { ActionContext, EditorAction, ImageWays } from './action.ts'

type Way = {
  [Key in keyof ImageWays]: ImageWays[Key] extends (() => void) | null ? Key : never
}[keyof ImageWays]

const way = <Name extends Way>(name: Name, key: string): EditorAction<Name> => ({
  name,
  group: 'team',
  keys: [key],
  needs: name,
  isAvailable: (_, context) => context[name] !== null,
  run: (context: ActionContext) => void context[name]?.(),
})

/** Accepting is the same key as "done": it says that one's own part of the work on this image is over. */
export const TEAM_ACTIONS = [
  way('nextWanted', 'shift+d'),
  way('toggleReview', 'shift+r'),
  way('giveBack', 'shift+enter'),
  way('comment', 'c'),
  way('toggleComments', 'shift+c'),
  way('toggleHistory', 'shift+z'),
] as const satisfies readonly EditorAction[]
