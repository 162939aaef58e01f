'use client'

import { Search } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Children, type ReactNode, useState } from 'react'
import type { ImageFilter } from '../../server/contracts/image.ts'
import { isUnfinished } from '../../server/contracts/image-status.ts'
import { useViewer } from '../app-shell/viewer.tsx'
import { cn } from '../ui/cn.ts'
import { Input } from '../ui/input.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { StatusDot } from './status-dot.tsx'
import type { ImageCounts } from './use-image-list.ts'

/** From this many on, a class or phrase is found faster by typing. */
const FIND_FROM = 15
/** More of a kind take the browser longer to draw than anybody reads; the others are found by typing. */
const MOST_SHOWN = 60

export interface FacetPanelProps {
  counts: ImageCounts | undefined
  colours: ReadonlyMap<string, string>
  filter: ImageFilter
  onChange: (part: Partial<ImageFilter>) => void
  /** What can be done with a class or phrase over the whole project; null = the person may not. */
  menuOf: ((kind: 'class' | 'phrase', text: string) => ReactNode) | null
}

/** What there is, with counts; a press filters by it, another takes the filter off again. */
export function FacetPanel({ counts, colours, filter, onChange, menuOf }: FacetPanelProps) {
  const t = useTranslations('images')
  const viewer = useViewer()
  const [find, setFind] = useState('')
  if (!counts) {
    return (
      <div aria-busy className="space-y-2 p-3">
        <Skeleton className="h-28" />
        <Skeleton className="h-40" />
      </div>
    )
  }
  const needle = find.trim().toLowerCase()
  const found = counts.expressions.filter(({ text }) => text.toLowerCase().includes(needle))
  const groups = [
    { name: 'classes' as const, entries: found.filter(({ kind }) => kind === 'class') },
    { name: 'phrases' as const, entries: found.filter(({ kind }) => kind === 'phrase') },
  ]
  return (
    <nav aria-label={t('facets.label')} className="flex flex-col gap-4 p-3">
      <Group title={t('facets.status')}>
        {counts.statuses
          .filter(({ status, images }) => images > 0 || status === filter.status)
          .map(({ status, images }) => (
            <Facet
              key={status}
              mark={<StatusDot status={status} />}
              count={images}
              isOn={filter.status === status}
              onToggle={(isOn) => onChange({ status: isOn ? status : null })}
            >
              {t(`statuses.${status}`)}
            </Facet>
          ))}
        <Facet
          count={counts.statuses.reduce(
            (sum, { status, images }) => sum + (isUnfinished(status) ? images : 0),
            0,
          )}
          isOn={filter.status === 'unfinished'}
          onToggle={(isOn) => onChange({ status: isOn ? 'unfinished' : null })}
        >
          {t('facets.unfinished')}
        </Facet>
      </Group>
      <Group title={t('facets.assignee')}>
        {people(counts, viewer.id).map(({ value, name, images }) => (
          <Facet
            key={value}
            count={images}
            isOn={filter.assignee === value}
            onToggle={(isOn) => onChange({ assignee: isOn ? value : '' })}
          >
            {name ?? t(value === 'me' ? 'facets.me' : 'facets.nobody')}
          </Facet>
        ))}
      </Group>
      <Group title={t('facets.split')}>
        {counts.splits
          .map(({ split, images }) => ({ split: split ?? ('none' as const), images }))
          .filter(({ split, images }) => images > 0 || split === filter.split)
          .map(({ split, images }) => (
            <Facet
              key={split}
              count={images}
              isOn={filter.split === split}
              onToggle={(isOn) => onChange({ split: isOn ? split : null })}
            >
              {t(`splits.${split}`)}
            </Facet>
          ))}
      </Group>
      <Group title={t('facets.suggestions')}>
        {(counts.withSuggestions > 0 || filter.suggestions === 'open') && (
          <Facet
            count={counts.withSuggestions}
            isOn={filter.suggestions === 'open'}
            onToggle={(isOn) => onChange({ suggestions: isOn ? 'open' : null })}
          >
            {t('facets.openSuggestions')}
          </Facet>
        )}
      </Group>
      <Group title={t('facets.comments')}>
        {(counts.withOpenComments > 0 || filter.comments === 'open') && (
          <Facet
            count={counts.withOpenComments}
            isOn={filter.comments === 'open'}
            onToggle={(isOn) => onChange({ comments: isOn ? 'open' : null })}
          >
            {t('facets.openComments')}
          </Facet>
        )}
      </Group>
      {counts.expressions.length === 0 && <p className="px-2 text-muted">{t('facets.none')}</p>}
      {counts.expressions.length >= FIND_FROM && (
        <Input
          type="search"
          size="sm"
          icon={<Search />}
          aria-label={t('facets.find')}
          placeholder={t('facets.find')}
          value={find}
          onChange={(event) => setFind(event.target.value)}
        />
      )}
      {groups
        .filter(({ entries }) => entries.length > 0)
        .map(({ name, entries }) => (
          <Group key={name} title={t(`facets.${name}`)}>
            {entries.slice(0, MOST_SHOWN).map(({ kind, text, boxes }) => (
              <Facet
                key={text}
                menu={menuOf?.(kind, text)}
                mark={
                  name === 'classes' && (
                    <span
                      aria-hidden
                      className="size-2.5 shrink-0 rounded-[3px] bg-faint"
                      style={{ background: colours.get(text) }}
                    />
                  )
                }
                count={boxes}
                isOn={filter.expression === text}
                onToggle={(isOn) => onChange({ expression: isOn ? text : '' })}
              >
                {name === 'classes' ? text : `“${text}”`}
              </Facet>
            ))}
            {entries.length > MOST_SHOWN && (
              <p className="px-2 text-muted text-sm">
                {t('facets.more', { count: entries.length - MOST_SHOWN })}
              </p>
            )}
          </Group>
        ))}
    </nav>
  )
}

/** The person who looks first, then everybody with images by name; nothing while nobody has any. */
function people(
  { assignees, unassigned }: ImageCounts,
  viewerId: string,
): { value: string; name: string | null; images: number }[] {
  if (assignees.length === 0) return []
  const mine = assignees.find(({ id }) => id === viewerId)
  return [
    { value: 'me', name: null, images: mine?.images ?? 0 },
    ...assignees
      .filter(({ id }) => id !== viewerId)
      .map(({ name, images }) => ({ value: name, name, images })),
    { value: 'none', name: null, images: unassigned },
  ]
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  if (Children.toArray(children).length === 0) return null
  return (
    <section>
      <h2 className="mb-1 px-2 font-medium text-muted text-sm">{title}</h2>
      {children}
    </section>
  )
}

interface FacetProps {
  mark?: ReactNode
  count: number
  isOn: boolean
  onToggle: (isOn: boolean) => void
  /** At the end of the line, when the pointer or the focus is there. */
  menu?: ReactNode
  children: string
}

function Facet({ menu, ...props }: FacetProps) {
  if (!menu) return <FacetButton {...props} />
  return (
    <div className="group relative">
      <FacetButton {...props} />
      {menu}
    </div>
  )
}

function FacetButton({ mark, count, isOn, onToggle, children }: Omit<FacetProps, 'menu'>) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      onClick={() => onToggle(!isOn)}
      className={cn(
        'flex h-7 w-full items-center gap-2 rounded-md px-2 text-left hover:bg-hover',
        isOn && 'bg-accent-soft font-medium text-accent hover:bg-accent-soft',
      )}
    >
      {mark}
      <span className="min-w-0 flex-1 truncate" title={children}>
        {children}
      </span>
      {/* The menu of a line stands in the same place. */}
      <span
        className={cn(
          'text-sm tabular-nums group-hover:invisible group-has-[[aria-expanded=true]]:invisible group-has-[[aria-haspopup]:focus-visible]:invisible',
          isOn ? 'text-accent' : 'text-muted',
        )}
      >
        {count.toLocaleString('en')}
      </span>
    </button>
  )
}
