'use client'

import { type ChangeEvent, type ReactNode, useCallback, useMemo, useRef } from 'react'
import { type CollectedFile, collectChosen } from '../uploads/collect-files.ts'

/** What the dialog offers first; the server decides by the content, whatever the name says. */
const ACCEPT = 'image/*,.tif,.tiff,.bmp,.avif,.zip'

declare module 'react' {
  // Every browser knows it, React passes it on, only its types leave it out.
  interface InputHTMLAttributes<T> {
    webkitdirectory?: '' | (T & never)
  }
}

export interface FilePicker {
  chooseFiles: () => void
  chooseFolder: () => void
  /** Two inputs that nobody sees; they must be somewhere on the page. */
  inputs: ReactNode
}

export function useFilePicker(onFiles: (files: CollectedFile[]) => void): FilePicker {
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const onChange = useCallback(
    (event: ChangeEvent<HTMLInputElement>) => {
      if (event.target.files?.length) onFiles(collectChosen(event.target.files))
      // So that choosing the same file again is a change again.
      event.target.value = ''
    },
    [onFiles],
  )
  return useMemo(() => {
    const hidden = { type: 'file', hidden: true, multiple: true, onChange } as const
    return {
      chooseFiles: () => files.current?.click(),
      chooseFolder: () => folder.current?.click(),
      inputs: (
        <>
          <input ref={files} {...hidden} accept={ACCEPT} data-testid="choose-files" />
          <input ref={folder} {...hidden} webkitdirectory="" data-testid="choose-folder" />
        </>
      ),
    }
  }, [onChange])
}
