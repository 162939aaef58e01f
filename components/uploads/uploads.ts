'use client'

import { useSyncExternalStore } from 'react'
import { sessionGate } from '../trpc/session-gate.ts'
import { sendFile } from './send-file.ts'
import { createUploadQueue, type Upload } from './upload-queue.ts'

/** The queue of this browser tab. */
export const uploads = createUploadQueue({ send: sendFile, signIn: sessionGate.waitForSignIn })

const NONE: readonly Upload[] = []

export function useUploads(): readonly Upload[] {
  return useSyncExternalStore(uploads.subscribe, uploads.read, () => NONE)
}
