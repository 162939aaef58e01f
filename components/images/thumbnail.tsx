'use client'

import { ImageOff } from 'lucide-react'
import { useState, useSyncExternalStore } from 'react'
import { sessionGate } from '../trpc/session-gate.ts'
import { cn } from '../ui/cn.ts'

export interface ThumbnailProps {
  imageId: string
  className?: string
}

/** Decoration: the name stands beside it. A picture that failed while nobody was signed in is loaded again. */
export function Thumbnail({ imageId, className }: ThumbnailProps) {
  const signIns = useSyncExternalStore(sessionGate.subscribe, sessionGate.countSignIns, () => 0)
  return <Picture key={`${imageId} ${signIns}`} imageId={imageId} className={className} />
}

function Picture({ imageId, className }: { imageId: string; className: string | undefined }) {
  const [isBroken, setBroken] = useState(false)
  if (isBroken) return <BrokenPicture className={className} />
  return (
    // biome-ignore lint/performance/noImgElement: the studio makes its own thumbnails
    <img
      src={`/api/images/${imageId}/thumbnail`}
      alt=""
      draggable={false}
      decoding="async"
      onError={() => setBroken(true)}
      className={className}
    />
  )
}

export function BrokenPicture({ className }: { className?: string | undefined }) {
  return (
    <span className={cn('grid place-items-center text-faint', className)}>
      <ImageOff aria-hidden className="size-5" />
    </span>
  )
}
