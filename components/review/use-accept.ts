'use client'

import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import type { AnnotationChange } from '../../server/contracts/annotation.ts'
import { ImageId } from '../../server/contracts/ids.ts'
import type { PredictionModel } from '../../server/contracts/prediction.ts'
import { randomId, randomIds } from '../annotator/document/new-id.ts'
import { useTRPCClient } from '../trpc/client.tsx'
import { toast } from '../ui/toast.tsx'
import { acceptanceChanges, undone } from './accept-prediction.ts'
import type { ScoredSample } from './scored-sample.ts'

/**
 * Adds a model's boxes to the annotations as one revision, and offers to take that back. Boxes keep where
 * they came from. The truth shown here is that of the frozen version and does not change.
 */
export function useAccept(runId: string) {
  const t = useTranslations('review.accept')
  const common = useTranslations('common')
  const client = useTRPCClient()

  const save = (imageId: ImageId, changes: AnnotationChange[]) =>
    client.annotations.save.mutate({ imageId, operationId: randomId(), changes })
  const undo = useMutation({
    mutationFn: ({ imageId, changes }: { imageId: ImageId; changes: AnnotationChange[] }) =>
      save(imageId, undone(changes)),
  })
  const accept = useMutation({
    mutationFn: async ({ scored, model }: { scored: ScoredSample; model: PredictionModel }) => {
      const imageId = ImageId.parse(scored.sample.imageId)
      const { document } = await client.annotations.open.query({ imageId })
      const boxes = scored[model]?.boxes ?? []
      const acceptance = { sample: scored.sample, boxes, model, runId }
      const changes = acceptanceChanges(document, acceptance, randomIds)
      if (changes.length > 0) await save(imageId, changes)
      return { imageId, changes }
    },
    onSuccess: ({ imageId, changes }) => {
      const count = changes.filter(({ type }) => type === 'box').length
      if (count === 0) toast.info(t('nothing'))
      else {
        toast.success(t('added', { count }), {
          action: { label: common('undo'), onClick: () => undo.mutate({ imageId, changes }) },
        })
      }
    },
  })
  return { accept: accept.mutate, isAccepting: accept.isPending }
}
