'use client'

import { useTranslations } from 'next-intl'
import { ImageDetails, type ImageDetailsProps } from './image-details.tsx'
import { useImageCard } from './use-image-cards.ts'

export interface ActiveImageProps extends Omit<ImageDetailsProps, 'image'> {
  /** Null = none is active. It need not be in sight. */
  position: number | null
}

/** The panel beside the grid. */
export function ActiveImage({ position, ...rest }: ActiveImageProps) {
  const t = useTranslations('images.details')
  const image = useImageCard(position)
  // While the next one is on its way the panel shows the last, not an empty moment.
  if (image) return <ImageDetails key={image.id} image={image} {...rest} />
  return <p className="p-4 text-muted">{image === null && t('none')}</p>
}
