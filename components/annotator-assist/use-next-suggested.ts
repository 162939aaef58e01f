import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import { ImageId } from '../../server/contracts/ids.ts'
import type { AnnotateRoute } from '../annotate-page/use-annotate-route.ts'
import { useTRPCClient } from '../trpc/client.tsx'
import { useErrorToast } from '../trpc/use-error-toast.ts'
import { toast } from '../ui/toast.tsx'

/** Goes to the next image of the list with suggestions that wait, from the start again after the end. */
export function useNextSuggested({ imageId, filter, goTo }: AnnotateRoute): () => void {
  const t = useTranslations('assist.suggestions')
  const client = useTRPCClient()
  const showError = useErrorToast()
  return useCallback(async () => {
    const asked = { imageId: ImageId.parse(imageId), filter, wanted: 'suggested' } as const
    const place = await client.images.place.query(asked).catch(showError)
    if (place?.wantedId) goTo(place.wantedId)
    else if (place) toast.success(t('lastSuggested'))
  }, [client, imageId, filter, goTo, showError, t])
}
