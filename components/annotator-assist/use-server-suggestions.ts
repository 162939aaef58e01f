import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { ImageId } from '../../server/contracts/ids.ts'
import type { SuggestionState } from '../../server/contracts/suggestion.ts'
import type { Opened } from '../annotate-page/use-session.ts'
import type { Editor } from '../annotator/editor/editor.ts'
import type { EditorState } from '../annotator/editor/state.ts'
import { withServer } from '../annotator/suggestions/merge.ts'
import { openOnes, standings } from '../annotator/suggestions/suggestion.ts'
import { useTRPC } from '../trpc/client.tsx'
import { listedSuggestion } from './found-suggestions.ts'

/** Shows what prelabelling left for this image, and tells the server what the person makes of it. */
export function useServerSuggestions(editor: Editor, { image, suggestions, mayWrite }: Opened): void {
  useEffect(() => {
    const { doc, suggestions: before, focusedSuggestion, selection } = editor.getState()
    const listed = suggestions.map((each) => listedSuggestion(each, doc.image))
    const merged = withServer(before, listed, doc)
    if (merged === before) return
    editor.setSuggestions(merged)
    const [first] = openOnes(editor.getState())
    if (first && focusedSuggestion === null && selection.length === 0) editor.focusSuggestion(first.id)
  }, [editor, suggestions])
  useReportJudgements(editor, image.id, mayWrite)
}

function useReportJudgements(editor: Editor, id: string, mayWrite: boolean): void {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const imageId = ImageId.parse(id)
  const { mutate } = useMutation(
    trpc.suggestions.judge.mutationOptions({
      // Judging the same again does no harm, and a rejection must not get lost for a moment without a connection.
      retry: 3,
      onMutate: ({ imageId: judged, ids, state }) => {
        if (state === 'open') return
        queries.setQueryData(trpc.annotations.open.queryKey({ imageId: judged }), (old) =>
          old ? { ...old, suggestions: old.suggestions.filter((each) => !ids.includes(each.id)) } : old,
        )
      },
      onSettled: () => queries.invalidateQueries({ queryKey: trpc.images.pathKey(), refetchType: 'none' }),
    }),
  )
  const told = useRef(new Map<string, SuggestionState>())
  useEffect(() => {
    if (!mayWrite) return
    const report = () => {
      for (const [state, ids] of newJudgements(editor.getState(), told.current)) {
        mutate({ imageId, ids, state })
      }
    }
    let { suggestions, doc } = editor.getState()
    report()
    return editor.subscribe(() => {
      const now = editor.getState()
      if (now.suggestions === suggestions && now.doc === doc) return
      ;({ suggestions, doc } = now)
      report()
    })
  }, [editor, imageId, mayWrite, mutate])
}

/** What the server does not know yet, by state; notes it as told. What is accepted it sees by the box itself. */
export function newJudgements(
  { doc, suggestions }: Pick<EditorState, 'doc' | 'suggestions'>,
  told: Map<string, SuggestionState>,
): Map<SuggestionState, string[]> {
  const found = new Map<SuggestionState, string[]>()
  const all = standings(doc, suggestions)
  for (const { id, source } of suggestions) {
    const standing = all.get(id)
    if (source !== 'server' || standing === undefined || standing === 'accepted') continue
    if ((told.get(id) ?? 'open') === standing) continue
    told.set(id, standing)
    found.set(standing, [...(found.get(standing) ?? []), id])
  }
  return found
}
