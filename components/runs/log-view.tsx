'use client'

import { useSubscription } from '@trpc/tanstack-react-query'
import { Search } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useMemo, useRef, useState } from 'react'
import { RunId } from '../../server/contracts/ids.ts'
import { useTRPC, useTRPCClient } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Input } from '../ui/input.tsx'
import { Switch } from '../ui/switch.tsx'
import { useReconnect } from './use-reconnect.ts'

/** Lines kept in the page; the log file on the server has all. */
const MOST_LINES = 20_000

interface Log {
  /** Byte position of the first line; null once older lines had to be let go. */
  start: number | null
  /** Byte position behind the last line. */
  end: number
  lines: string[]
}

/** A piece that does not begin where the last one ended comes from a new connection, which starts over. */
function append(old: Log | null, piece: Log): Log {
  if (old?.end !== piece.start) return piece
  const lines = [...old.lines, ...piece.lines]
  return lines.length > MOST_LINES
    ? { start: null, end: piece.end, lines: lines.slice(-MOST_LINES) }
    : { start: old.start, end: piece.end, lines }
}

/** The trainer's own output as it is written, with a search over what is loaded. */
export function LogView({ runId }: { runId: string }) {
  const t = useTranslations('runs.log')
  const trpc = useTRPC()
  const client = useTRPCClient()
  const id = RunId.parse(runId)
  const [log, setLog] = useState<Log | null>(null)
  const [query, setQuery] = useState('')
  const [isFollowing, setFollowing] = useState(true)
  const [isLoading, setLoading] = useState(false)
  const end = useRef<HTMLDivElement>(null)
  const live = useSubscription(
    trpc.runs.liveLog.subscriptionOptions(
      { runId: id },
      {
        onData: ({ id: end, data }) => setLog((old) => append(old, { ...data, end: Number(end) })),
      },
    ),
  )

  useReconnect(live)

  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines are the reason to scroll
  useEffect(() => {
    if (isFollowing) end.current?.scrollIntoView({ block: 'nearest' })
  }, [log, isFollowing])

  async function showEarlier() {
    if (!log?.start) return
    setLoading(true)
    const piece = await client.runs.log.query({ runId: id, end: log.start }).finally(() => setLoading(false))
    setLog((old) => old && { ...old, start: piece.start, lines: [...piece.lines, ...old.lines] })
  }

  const wanted = query.trim().toLowerCase()
  const lines = useMemo(
    () => (log?.lines ?? []).filter((line) => line.toLowerCase().includes(wanted)),
    [log, wanted],
  )
  if (live.error && !log) return <ErrorState error={live.error} onRetry={live.reset} />
  return (
    <Card className="overflow-hidden">
      <div className="flex items-center gap-3 px-3 py-2">
        <Input
          type="search"
          icon={<Search />}
          aria-label={t('search')}
          placeholder={t('search')}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          className="w-64"
        />
        <span role="status" className="flex-1 text-muted text-sm">
          {wanted && t('matches', { count: lines.length })}
        </span>
        <Switch checked={isFollowing} onCheckedChange={setFollowing} label={t('follow')} />
      </div>
      <section
        aria-label={t('label')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keyboards must be able to scroll it
        tabIndex={0}
        className="max-h-96 overflow-auto bg-sunken px-3 py-2 font-mono text-sm"
      >
        {(log?.start ?? 0) > 0 && !wanted && (
          <Button size="sm" variant="ghost" busy={isLoading} onClick={showEarlier}>
            {t('earlier')}
          </Button>
        )}
        {!log && <p className="text-muted">{t('empty')}</p>}
        <pre className="m-0 whitespace-pre-wrap break-all">{lines.join('\n')}</pre>
        <div ref={end} />
      </section>
    </Card>
  )
}
