'use client'

import { useTranslations } from 'next-intl'
import type { Presence } from '../../server/contracts/annotation.ts'
import type { Session } from '../annotator/sync/session.ts'
import { useViewer } from '../app-shell/viewer.tsx'
import { initialsOf } from '../team/initials.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { useFollowImage } from './use-follow-image.ts'

/** More than these are a number. */
const SHOWN = 3

/** Follows what colleagues do with the image, and shows who has it open, to eyes and to screen readers. */
export function PeopleHere({ session, imageId }: { session: Session; imageId: string }) {
  const people = useFollowImage(session, imageId)
  const t = useTranslations('annotator.presence')
  const viewer = useViewer()
  const words = ({ userId, name, tabs }: Presence) =>
    userId === viewer.id ? t('self', { count: tabs }) : t('here', { name })
  const hidden = people.slice(SHOWN)
  return (
    <>
      <p role="status" className="sr-only">
        {people.map(words).join(' ')}
      </p>
      {people.length > 0 && (
        <ul aria-label={t('title')} className="flex items-center -space-x-1">
          {people.slice(0, SHOWN).map((person) => (
            <li key={person.userId}>
              <Sign label={words(person)}>{initialsOf(person.name)}</Sign>
            </li>
          ))}
          {hidden.length > 0 && (
            <li>
              <Sign label={hidden.map(words).join(' ')}>{t('more', { count: hidden.length })}</Sign>
            </li>
          )}
        </ul>
      )}
    </>
  )
}

function Sign({ label, children }: { label: string; children: string }) {
  return (
    <Tooltip content={label}>
      <button
        type="button"
        aria-label={label}
        className="grid h-6 min-w-6 cursor-default place-items-center rounded-full border-2 border-surface bg-accent-soft px-1 font-medium text-accent text-xs"
      >
        {children}
      </button>
    </Tooltip>
  )
}
