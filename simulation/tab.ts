import { outcomeOfError } from '../components/annotate-page/save-outcome.ts'
import type { Clipboard } from '../components/annotator/clipboard/store.ts'
import type { Change } from '../components/annotator/document/change.ts'
import type { Ids } from '../components/annotator/document/edit.ts'
import { joinPendings, type PendingStore } from '../components/annotator/sync/pending-store.ts'
import type { Batch, Pending, SaveOutcome } from '../components/annotator/sync/pump.ts'
import type { Choice, Conflict } from '../components/annotator/sync/rebase.ts'
import { type CaughtUp, Session } from '../components/annotator/sync/session.ts'
import { memoryClipboard } from '../components/annotator/testing/context.ts'
import { ManualClock } from '../components/annotator/testing/fake-server.ts'
import type { AnnotationDocument, Box } from '../server/contracts/annotation.ts'
import type { BoxId, ExpressionId, ImageId } from '../server/contracts/ids.ts'
import { isStudioError } from '../server/errors.ts'
import { IMAGE, type SimulatedServer } from './server.ts'

/** A request on its way: first to the server, then back. */
interface Call {
  run: () => Promise<unknown>
  /** What the server said, once it has. */
  answer: (() => void) | null
  resolve: (value: never) => void
  fail: () => void
}

/** One local edit, with the words of the expressions that its boxes name. */
export interface Edit {
  at: number
  change: Change
  texts: Map<ExpressionId, string>
}

/** A question that was put and answered. */
export interface Decision {
  at: number
  conflicts: readonly Conflict[]
  choices: ReadonlyMap<string, Choice>
}

/** A batch that the page was told is saved. */
export interface Promised {
  at: number
  batch: Batch
  /** Records that the server settled otherwise because of changes over the whole project. */
  adjusted?: readonly Change[]
  number: number | null
  revision: number
}

/** What one browser keeps for one person: an entry a tab. */
export class Browser {
  readonly kept = new Map<Tab, Pending>()
  readonly tabs: Tab[] = []
}

/** One page that shows the image: a real session, and a connection that can be cut anywhere. */
export class Tab {
  readonly name: string
  readonly person: string
  readonly edits: Edit[] = []
  readonly decisions: Decision[] = []
  readonly promises: Promised[] = []
  /** Closed tabs whose work this one took up. */
  readonly heirOf: Tab[] = []
  readonly clipboard: Clipboard = memoryClipboard()
  readonly clock = new ManualClock()
  readonly session: Session
  isOpen = true
  isOnline = true
  /** Held with the pointer since. */
  grabbed: Box | null = null
  calls: Call[] = []
  refusal: string | null = null

  constructor(options: {
    name: string
    person: string
    imageId: ImageId
    browser: Browser
    server: SimulatedServer
    opened: { document: AnnotationDocument; revision: number }
    /** Counts everything that happens. */
    tick: () => number
    /** Called when the server has dealt with a request. */
    afterCall: () => Promise<void>
  }) {
    const { name, person, imageId, browser, server, opened, tick, afterCall } = options
    this.name = name
    this.person = person
    browser.tabs.push(this)
    const call = <T>(work: () => Promise<T>): Promise<T> => {
      if (!this.isOnline) return Promise.reject(new TypeError('Failed to fetch'))
      return new Promise((resolve, reject) => {
        const run = async () => {
          const answer = await work().then(
            (value) => () => resolve(value),
            (error: unknown) => () => reject(error),
          )
          await afterCall()
          return answer
        }
        this.calls.push({
          run,
          answer: null,
          resolve,
          fail: () => reject(new TypeError('Failed to fetch')),
        })
      })
    }
    let operations = 0
    this.session = new Session({
      image: IMAGE,
      ...opened,
      readOnly: false,
      active: null,
      clock: this.clock,
      now: tick,
      ids: idsOf(`${imageId}_${name}`),
      newOperationId: () => {
        operations += 1
        return `${imageId}_${name}_${operations}`
      },
      store: storeOf(this, browser),
      save: async (batch) => {
        const outcome = await call(() =>
          server.as(person).save({ imageId, operationId: batch.operationId, changes: [...batch.changes] }),
        ).then((saved): SaveOutcome => ({ kind: 'saved', ...saved }), outcomeOf)
        if (outcome.kind === 'saved') this.promises.push({ at: tick(), batch, ...outcome })
        if (outcome.kind === 'refused') this.refusal = outcome.message
        return outcome
      },
      catchUp: (since): Promise<CaughtUp> => call(() => server.as(person).catchUp({ imageId, ...since })),
    })
    this.session.editor.setArea(IMAGE)
    this.session.editor.setViewport({ scale: 1, x: 0, y: 0, turn: 0 })
    this.session.editor.onCommit((changes) => {
      const at = tick()
      const { expressions } = this.session.editor.getState().doc
      const texts = new Map([...expressions.values()].map(({ id, text }) => [id, text]))
      // Also of those that the step deleted.
      for (const { before } of changes) {
        if (before && 'text' in before && !texts.has(before.id)) texts.set(before.id, before.text)
      }
      for (const change of changes) this.edits.push({ at, change, texts })
    })
    this.session.follow(true)
  }

  get doc() {
    return this.session.editor.getState().doc
  }

  /** The oldest request reaches the server, or is lost before or after. */
  async carry(lose: 'nothing' | 'request' | 'answer'): Promise<void> {
    const call = this.calls.find((each) => each.answer === null)
    if (!call) return
    if (lose !== 'request') call.answer = (await call.run()) as () => void
    if (lose !== 'nothing') this.drop(call)
  }

  /** The oldest answer arrives. */
  bring(): void {
    const call = this.calls.find((each) => each.answer !== null)
    if (!call?.answer) return
    this.calls = this.calls.filter((each) => each !== call)
    if (this.isOpen) call.answer()
  }

  /** Everything on the way is lost. */
  cut(): void {
    for (const call of this.calls) this.drop(call)
    if (this.isOpen) this.session.follow(false)
  }

  close(): void {
    this.isOpen = false
    this.calls = this.calls.filter((call) => call.answer === null)
  }

  private drop(call: Call): void {
    this.calls = this.calls.filter((each) => each !== call)
    if (this.isOpen) call.fail()
  }
}

/** As IndexedDB keeps it: a copy, an entry a tab, claimed from tabs that are gone. */
function storeOf(tab: Tab, browser: Browser): PendingStore {
  return {
    async claim() {
      const left = [...browser.kept].filter(([other]) => !other.isOpen)
      const own = browser.kept.get(tab)
      const pendings = left.map(([, pending]) => pending)
      if (left.length > 0) browser.kept.set(tab, joinPendings(own ? [...pendings, own] : pendings))
      for (const [other] of left) browser.kept.delete(other)
      tab.heirOf.push(...left.flatMap(([other]) => [other, ...other.heirOf]))
      return structuredClone(pendings)
    },
    async keep(pending) {
      if (!tab.isOpen) return
      if (pending) browser.kept.set(tab, structuredClone(pending))
      else browser.kept.delete(tab)
    },
  }
}

function idsOf(prefix: string): Ids {
  let made = 0
  const next = () => {
    made += 1
    return String(made).padStart(4, '0')
  }
  return {
    box: () => `b_${prefix}_${next()}` as BoxId,
    expression: () => `e_${prefix}_${next()}` as ExpressionId,
  }
}

/** The studio's error as it travels, judged by the page's own rule. */
function outcomeOf(error: unknown): SaveOutcome {
  const cause = error instanceof Error ? error.cause : undefined
  if (!isStudioError(cause)) return outcomeOfError(error)
  return outcomeOfError({ code: cause.code, message: cause.userMessage, details: cause.details })
}
