import type { EditorState } from '../editor/state.ts'
import { rectToScreen } from '../geometry/viewport.ts'
import { focusedOne, openOnes } from '../suggestions/suggestion.ts'
import type { PaintedSuggestion } from './paint-suggestions.ts'

const FALLBACK_COLOUR = '#888888'

/** The suggestions in sight, the one in focus last, so that it lies on top. */
export function suggestionLooks(
  state: EditorState,
  colours: ReadonlyMap<string, string>,
  words: (model: string, score: number | null) => string,
): PaintedSuggestion[] {
  const { suggestions, viewport, area, guards, gesture } = state
  if (suggestions.length === 0) return []
  const focused = focusedOne(state)
  const shown = openOnes(state).filter(({ entry }) => !guards.hiddenTexts.has(entry.text))
  return shown
    .map((each): PaintedSuggestion => {
      const isFocused = each.id === focused?.id
      const rect = isFocused && gesture.at === 'correcting' ? gesture.rect : each.rect
      return {
        rect: rectToScreen(viewport, rect),
        colour: colours.get(each.entry.text) ?? FALLBACK_COLOUR,
        label: words(each.model.name, each.score),
        isFocused,
      }
    })
    .filter(
      ({ rect }) =>
        rect.x < area.width && rect.y < area.height && rect.x + rect.width > 0 && rect.y + rect.height > 0,
    )
    .sort((a, b) => Number(a.isFocused) - Number(b.isFocused))
}
