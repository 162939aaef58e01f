'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { ImageId } from '../../../server/contracts/ids.ts'
import type { Session } from '../../annotator/sync/session.ts'
import { useTRPCClient } from '../../trpc/client.tsx'
import { useErrorWords } from '../../trpc/studio-error.ts'
import { toast } from '../../ui/toast.tsx'
import { whenSaved } from '../when-saved.ts'
import { bringBack } from './bring-back.ts'

/**
 * Brings back the state that a revision left, as one step of the editor: it is undone like any other, and is
 * a revision of its own in the history, so nothing that came after is lost.
 */
export function useRestore(session: Session, id: string) {
  const t = useTranslations('team.history')
  const words = useErrorWords()
  const client = useTRPCClient()
  const [isBusy, setBusy] = useState(false)

  async function restore(revision: number): Promise<void> {
    setBusy(true)
    try {
      if (!(await whenSaved(session))) {
        toast.error(t('notSaved'))
        return
      }
      await session.refresh()
      const since = await client.annotations.changes.query({
        imageId: ImageId.parse(id),
        from: revision,
        to: null,
      })
      const { editor } = session
      const changes = bringBack(editor.getState().doc, since.changes)
      if (editor.commit('restore', changes)) {
        toast.success(t('restored', { revision }), {
          action: { label: t('undo'), onClick: () => editor.undo() },
        })
      } else if (changes.length === 0) toast.success(t('same'))
    } catch (error) {
      const { title, description } = words(error)
      toast.error(title, { description })
    } finally {
      setBusy(false)
    }
  }
  return { restore, isBusy }
}
