'use client'

import { useCallback } from 'react'
import { toast } from '../ui/toast.tsx'
import { useErrorWords } from './studio-error.ts'

/** For failures outside react-query, whose mutations raise their toast by themselves. */
export function useErrorToast(): (error: unknown) => void {
  const words = useErrorWords()
  return useCallback(
    (error) => {
      const { title, description } = words(error)
      toast.error(title, { description })
    },
    [words],
  )
}
