import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'
import { BulkEditId } from '../../server/contracts/ids.ts'
import { useProjectId } from '../app-shell/project-context.tsx'
import { type RouterOutputs, useTRPC } from '../trpc/client.tsx'
import { toast } from '../ui/toast.tsx'

export type BulkEdit = RouterOutputs['labels']['edits'][number]

const WORKING_MS = 700

export function isGoingOn({ status }: BulkEdit): boolean {
  return status === 'queued' || status === 'running'
}

/** Changes over the project, followed while one goes on; what they touch is asked for anew when one ends. */
export function useBulkEdits() {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const projectId = useProjectId()
  const edits = useQuery(
    trpc.labels.edits.queryOptions(
      { projectId },
      { refetchInterval: (query) => (query.state.data?.some(isGoingOn) ? WORKING_MS : false) },
    ),
  )
  const working = edits.data?.filter(isGoingOn).length ?? 0
  const before = useRef(working)
  useEffect(() => {
    if (working < before.current) {
      void queries.invalidateQueries({ queryKey: trpc.images.pathKey() })
      void queries.invalidateQueries({ queryKey: trpc.labels.pathKey() })
      void queries.invalidateQueries({ queryKey: trpc.attributes.pathKey() })
      void queries.invalidateQueries({ queryKey: trpc.annotations.pathKey() })
    }
    before.current = working
  }, [working, queries, trpc])
  return edits
}

/** Undoing and stopping. */
export function useEditWays() {
  const t = useTranslations('labels.edits')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const projectId = useProjectId()
  const refresh = () => queries.invalidateQueries(trpc.labels.pathFilter())
  const undo = useMutation(
    trpc.labels.undoEdit.mutationOptions({
      onSuccess: async ({ images }) => {
        await refresh()
        toast.success(t('undoing', { count: images }))
      },
    }),
  )
  const stop = useMutation(trpc.labels.stopEdit.mutationOptions({ onSuccess: refresh }))
  const input = (id: string) => ({ projectId, editId: BulkEditId.parse(id) })
  return {
    undo: (id: string) => undo.mutate(input(id)),
    stop: (id: string) => stop.mutate(input(id)),
    isBusy: undo.isPending || stop.isPending,
  }
}

/** What an edit did or does, as a sentence. */
export function useEditWords(): (edit: Pick<BulkEdit, 'subject' | 'isUndo'>) => string {
  const t = useTranslations('labels.edits')
  return ({ subject, isUndo }) => {
    const words = (() => {
      switch (subject.kind) {
        case 'rename-label':
        case 'rename-attribute':
          return t(`subjects.${subject.kind}`, { from: subject.from, to: subject.to })
        case 'merge-label':
          return t(subject.asDeletion ? 'subjects.move-label' : 'subjects.merge-label', {
            from: subject.from,
            to: subject.to,
          })
        case 'delete-label':
        case 'clear-attribute':
        case 'rename-options':
          return t(`subjects.${subject.kind}`, { name: subject.name })
        case 'replace':
          return t('subjects.replace', { find: subject.find, replace: subject.replace })
      }
    })()
    return isUndo ? t('undoOf', { what: words }) : words
  }
}
