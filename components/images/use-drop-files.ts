'use client'

import { useEffect, useState } from 'react'
import { type CollectedFile, collectDropped } from '../uploads/collect-files.ts'

/**
 * Files may be dropped anywhere on the page.
 * @returns whether files are being held over it
 */
export function useDropFiles(onFiles: (files: CollectedFile[]) => void): boolean {
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    // Every element under the pointer tells of entering and leaving; the page is left when all are.
    let depth = 0
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const set = (next: number) => {
      depth = next
      setOver(next > 0)
    }
    const handlers: Partial<Record<keyof WindowEventMap, (event: DragEvent) => void>> = {
      dragenter: () => set(depth + 1),
      dragleave: () => set(Math.max(0, depth - 1)),
      dragover: (event) => {
        if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
      },
      drop: (event) => {
        set(0)
        if (event.dataTransfer) void collectDropped(event.dataTransfer).then(onFiles)
      },
    }
    const registered = Object.entries(handlers).map(([name, handler]) => {
      const listener = (event: Event) => {
        if (!(event instanceof DragEvent) || !hasFiles(event)) return
        event.preventDefault()
        handler?.(event)
      }
      window.addEventListener(name, listener)
      return () => window.removeEventListener(name, listener)
    })
    return () => {
      for (const remove of registered) remove()
    }
  }, [onFiles])
  return isOver
}
