'use client'

import { ImageOff } from 'lucide-react'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
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
  const element = useRef<HTMLImageElement>(null)
  const address = `/api/images/${imageId}/thumbnail`
  // What goes out of sight before it has come is not waited for: a browser loads few at a time, in their order.
  useEffect(() => {
    const image = element.current
    if (image && !image.hasAttribute('src')) image.src = address
    return () => {
      if (image && !image.complete) image.removeAttribute('src')
    }
  }, [address])
  if (isBroken) {
    return (
      <span className={cn('grid place-items-center text-faint', className)}>
        <ImageOff aria-hidden className="size-5" />
      </span>
    )
  }
  return (
    // biome-ignore lint/performance/noImgElement: the studio makes its own thumbnails
    <img
      ref={element}
      src={address}
      alt=""
      draggable={false}
      decoding="async"
      onError={() => setBroken(true)}
      className={className}
    />
  )
}
