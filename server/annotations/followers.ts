import type { BePresent, Presence } from '../contracts/annotation.ts'
import type { Bell } from '../jobs/bell.ts'
import { processWide } from '../process-wide.ts'

/** A page that has said nothing for this long is gone: a laptop was closed, a cable pulled. */
export const GONE_MS = 15_000

interface Tab {
  userId: string
  name: string
  /** Milliseconds since 1970. */
  seenAt: number
}

interface Followed {
  /** One for each connection, with the page that has it. */
  bells: Map<Bell, string>
  tabs: Map<string, Tab>
}

/**
 * Who has which image open, and whom to wake when something happens to it. Memory of this process only: after
 * a restart every page comes back by itself.
 */
export class Followers {
  private readonly images = new Map<string, Followed>()

  /** Images that somebody follows. */
  get followed(): string[] {
    return [...this.images].flatMap(([id, { bells }]) => (bells.size > 0 ? id : []))
  }

  /** Rings whenever something happens to the image, or somebody comes or goes. @returns how to end it */
  follow(imageId: string, tab: string, bell: Bell): () => void {
    const { bells, tabs } = this.of(imageId)
    bells.set(bell, tab)
    return () => {
      bells.delete(bell)
      // A page that has connected anew in the meantime is still there.
      const isThere = [...bells.values()].includes(tab)
      if (!isThere && tabs.delete(tab)) this.ring(imageId)
      this.forget(imageId)
    }
  }

  ring(imageId: string): void {
    for (const bell of this.images.get(imageId)?.bells.keys() ?? []) bell.ring()
  }

  /** A page says that it is looked at, or that it is not any more. */
  note(by: { id: string; name: string }, { imageId, tab, present }: BePresent, now = Date.now()): void {
    const { tabs } = this.of(imageId)
    const known = tabs.has(tab)
    if (present) tabs.set(tab, { userId: by.id, name: by.name, seenAt: now })
    else tabs.delete(tab)
    if (known !== present) this.ring(imageId)
    this.forget(imageId)
  }

  /** Takes out pages that have gone without a word. */
  sweep(now = Date.now()): void {
    for (const [imageId, { tabs }] of this.images) {
      const gone = [...tabs].filter(([, { seenAt }]) => now - seenAt > GONE_MS)
      for (const [tab] of gone) tabs.delete(tab)
      if (gone.length > 0) this.ring(imageId)
      this.forget(imageId)
    }
  }

  /** Everybody who has the image open besides this page, in the order of their coming. */
  others(imageId: string, tab: string): Presence[] {
    const people = new Map<string, Presence>()
    for (const [other, { userId, name }] of this.images.get(imageId)?.tabs ?? []) {
      if (other === tab) continue
      people.set(userId, { userId, name, tabs: (people.get(userId)?.tabs ?? 0) + 1 })
    }
    return [...people.values()]
  }

  private of(imageId: string): Followed {
    const known = this.images.get(imageId)
    if (known) return known
    const made = { bells: new Map<Bell, string>(), tabs: new Map<string, Tab>() }
    this.images.set(imageId, made)
    return made
  }

  private forget(imageId: string): void {
    const found = this.images.get(imageId)
    if (found && found.bells.size === 0 && found.tabs.size === 0) this.images.delete(imageId)
  }
}

/** Those of this process. */
export const followers = processWide('followers', () => new Followers())
