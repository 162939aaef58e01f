'use client'

import { useTranslations } from 'next-intl'
import { type Ref, useEffect, useRef, useState } from 'react'
import { NOTE_LIMIT } from '../../../server/contracts/annotation.ts'
import { Button } from '../../ui/button.tsx'
import { Textarea } from '../../ui/textarea.tsx'
import { Panel } from './panel.tsx'

/** A pause in typing after which the note goes to the server. */
const SETTLE_MS = 800

/** What became of a note that was sent: `theirs` is what someone else has written in the meantime. */
export type NoteOutcome = { kind: 'saved' } | { kind: 'theirs'; text: string } | { kind: 'failed' }

export interface Note {
  text: string
  /** Null = the person may only read it. */
  save: ((before: string, after: string) => Promise<NoteOutcome>) | null
}

export interface NotePanelProps {
  note: Note
  inputRef: Ref<HTMLTextAreaElement>
}

/** Words about the image for colleagues; never part of the training data. */
export function NotePanel({ note, inputRef }: NotePanelProps) {
  const t = useTranslations('annotator.note')
  const { text, setText, state, theirs, keepMine, takeTheirs, flush } = useNote(note)
  return (
    <Panel
      title={t('title')}
      className="shrink-0"
      tools={<span className="text-faint text-xs">{state !== 'saved' && t(state)}</span>}
    >
      <div className="flex flex-col gap-2 px-3 pb-3">
        <Textarea
          ref={inputRef}
          rows={text ? 2 : 1}
          maxLength={NOTE_LIMIT}
          aria-label={t('title')}
          placeholder={t('placeholder')}
          readOnly={note.save === null}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onBlur={flush}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing || event.keyCode === 229) return
            if (event.key === 'Escape') event.currentTarget.blur()
          }}
        />
        {theirs !== null && (
          <div role="alert" className="flex flex-col gap-2 text-sm">
            <p className="text-warning">{t('theirs')}</p>
            <blockquote className="whitespace-pre-wrap border-border border-l-2 pl-2">
              {theirs || t('emptied')}
            </blockquote>
            <span className="flex justify-end gap-2">
              <Button size="sm" variant="ghost" onClick={takeTheirs}>
                {t('takeTheirs')}
              </Button>
              <Button size="sm" onClick={keepMine}>
                {t('keepMine')}
              </Button>
            </span>
          </div>
        )}
        {state === 'failed' && (
          <Button size="sm" className="self-end" onClick={flush}>
            {t('retry')}
          </Button>
        )}
      </div>
    </Panel>
  )
}

type NoteState = 'saved' | 'waiting' | 'failed'

/** One save at a time; what is typed meanwhile goes with the next one. */
function useNote(note: Note) {
  const [text, setText] = useState(note.text)
  const [state, setState] = useState<NoteState>('saved')
  const [theirs, setTheirs] = useState<string | null>(null)
  const latest = useRef({ save: note.save, text: note.text, saved: note.text, busy: false })

  const flush = async () => {
    const { save, busy, saved } = latest.current
    const sent = latest.current.text
    if (!save || busy || sent === saved) return
    latest.current.busy = true
    const outcome = await save(saved, sent)
    latest.current.busy = false
    if (outcome.kind === 'saved') {
      latest.current.saved = sent
      if (latest.current.text === sent) setState('saved')
      else void flush()
    } else if (outcome.kind === 'theirs') setTheirs(outcome.text)
    else setState('failed')
  }
  const send = useRef(flush)
  useEffect(() => {
    send.current = flush
    latest.current.save = note.save
  })
  useEffect(() => {
    if (text === latest.current.saved) return
    const timer = setTimeout(() => void send.current(), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [text])
  // Going to the next image must not lose the last words.
  useEffect(() => () => void send.current(), [])

  const change = (next: string) => {
    latest.current.text = next
    setText(next)
    setState(next === latest.current.saved ? 'saved' : 'waiting')
  }
  return {
    text,
    setText: change,
    state,
    theirs,
    flush: () => void flush(),
    keepMine: () => {
      if (theirs !== null) latest.current.saved = theirs
      setTheirs(null)
      void flush()
    },
    takeTheirs: () => {
      if (theirs === null) return
      latest.current.saved = theirs
      change(theirs)
      setTheirs(null)
    },
  }
}
