import type { Choice } from '../components/annotator/sync/rebase.ts'
import { settled } from '../components/annotator/testing/fake-server.ts'
import type { ExpressionId, ImageId } from '../server/contracts/ids.ts'
import type { Act, Story } from './act.ts'
import { bulkChange } from './bulk.ts'
import { edit } from './edit.ts'
import type { SimulatedServer } from './server.ts'
import { Browser, Tab } from './tab.ts'

/** Rounds in which everything is delivered, after which everybody must be at rest. */
const ROUNDS = 60
/** Longer than the longest pause between two tries. */
const LONG_MS = 40_000

/** One image, the people who work on it, and the server. */
export class World {
  readonly imageId: ImageId
  readonly server: SimulatedServer
  readonly browsers = new Map<string, Browser>()
  readonly merged = new Map<ExpressionId, ExpressionId>()
  /** Expressions that a manager deleted with their class. */
  readonly deleted = new Set<ExpressionId>()
  /** When each revision came to be; place 0 is revision 1. */
  readonly acceptedAt: number[] = []
  private readonly seats: string[]
  private time = 0
  private opened = 0

  private constructor(server: SimulatedServer, imageId: ImageId, people: readonly string[]) {
    this.server = server
    this.imageId = imageId
    this.seats = [...people]
    for (const person of people) this.browsers.set(person, new Browser())
  }

  static async begin(server: SimulatedServer, people: readonly string[]): Promise<World> {
    const world = new World(server, await server.addImage(), people)
    for (const person of people) await world.open(person)
    return world
  }

  /** Plays the story, brings everybody back and lets them come to rest. */
  async play({ people, acts }: Story): Promise<void> {
    for (const act of acts) {
      await this.act(act)
      await settled()
    }
    await this.bringBack(people.length * 0x5a5a)
  }

  get tabs(): Tab[] {
    return [...this.browsers.values()].flatMap((browser) => browser.tabs)
  }

  private get openTabs(): Tab[] {
    return this.tabs.filter((tab) => tab.isOpen)
  }

  private tick = (): number => {
    this.time += 1
    return this.time
  }

  private async act(act: Act): Promise<void> {
    const { kind, pick, choices } = act
    if (kind === 'restart') {
      for (const tab of this.tabs) tab.cut()
      return this.server.restart()
    }
    if (kind === 'bulkRename' || kind === 'bulkMerge' || kind === 'bulkDelete') return this.bulk(act)
    if (kind === 'open') {
      const person = this.seats[pick % this.seats.length] ?? 'ada'
      const seats = this.seats.filter((seat) => seat === person).length
      const taken = this.browsers.get(person)?.tabs.filter((tab) => tab.isOpen).length ?? 0
      return taken < seats ? this.open(person) : undefined
    }
    // Requests of a page that was closed may still be on their way.
    const travelling = this.tabs.filter((tab) => tab.isOpen || tab.calls.length > 0)
    const tab = travelling[act.tab % Math.max(1, travelling.length)]
    if (!tab) return
    if (kind === 'carry') return tab.carry('nothing')
    if (kind === 'loseRequest') return tab.carry('request')
    if (kind === 'loseAnswer') return tab.carry('answer')
    if (!tab.isOpen) return
    switch (kind) {
      case 'save':
        tab.session.flush()
        await settled()
        return this.deliverAll(tab)
      case 'bring':
        return tab.bring()
      case 'hear':
        return this.hear(tab)
      case 'wait':
        return tab.clock.pass(pick < 8 ? 500 : LONG_MS)
      case 'flush':
        return tab.session.flush()
      case 'goOffline':
        tab.isOnline = false
        return tab.cut()
      case 'goOnline':
        tab.isOnline = true
        return tab.session.flush()
      case 'close':
        return tab.close()
      case 'decide':
        return this.decide(tab, choices)
      default:
        edit(tab, act)
    }
  }

  private async open(person: string): Promise<void> {
    const browser = this.browsers.get(person)
    if (!browser) throw new Error(`Nobody is called ${person}.`)
    this.opened += 1
    const { imageId, server, tick } = this
    const tab = new Tab({
      name: `${person}${this.opened}`,
      person,
      imageId,
      browser,
      server,
      opened: await server.document(imageId),
      tick,
      afterCall: () => this.note(),
    })
    void tab.session.recover()
    await settled()
  }

  /** The page is told what was accepted since it last heard. */
  private async hear(tab: Tab): Promise<void> {
    if (!tab.isOnline) return
    tab.session.follow(true)
    const { revisions, merged } = await this.server.news(this.imageId, tab.session.seenRevision)
    if (revisions) tab.session.hear(structuredClone(revisions), merged)
    else await tab.session.refresh()
  }

  private decide(tab: Tab, bits: number): void {
    const conflicts = tab.session.getState().rebased?.conflicts
    if (!conflicts) return
    const choices = new Map(
      conflicts.map(({ id }, place): [string, Choice] => [
        id,
        (bits >> (place % 16)) & 1 ? 'mine' : 'theirs',
      ]),
    )
    const at = this.tick()
    tab.session.decide(choices)
    if (!tab.session.getState().rebased) tab.decisions.push({ at, conflicts, choices })
  }

  private async bulk(act: Act): Promise<void> {
    const { document } = await this.server.document(this.imageId)
    const { changes, merged, deleted } = bulkChange(document, act)
    if (changes.length === 0) return
    const merges = merged ? [{ id: merged.from, into: merged.into }] : []
    await this.server.change(this.imageId, changes, merges)
    if (merged) this.merged.set(merged.from, merged.into)
    if (deleted) this.deleted.add(deleted)
    await this.note()
  }

  /** Writes down when revisions came to be. */
  private async note(): Promise<void> {
    const revision = await this.server.revision(this.imageId)
    while (this.acceptedAt.length < revision) this.acceptedAt.push(this.tick())
  }

  private async bringBack(bits: number): Promise<void> {
    for (const person of this.browsers.keys()) {
      if (!this.openTabs.some((tab) => tab.person === person)) await this.open(person)
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const tab of this.tabs) {
        tab.isOnline = true
        if (tab.isOpen) tab.session.editor.handle({ type: 'cancel' })
        await this.deliverAll(tab)
        if (!tab.isOpen) continue
        await this.hear(tab)
        this.decide(tab, bits + round * 7)
        await tab.clock.pass(LONG_MS)
        await this.deliverAll(tab)
      }
      if (await this.isAtRest()) {
        if (!(await this.openOrphans())) return
      }
    }
    const states = this.openTabs.map((tab) => `${tab.name}: ${JSON.stringify(tab.session.getState().sync)}`)
    throw new Error(`After ${ROUNDS} rounds not everybody is at rest. ${states.join(', ')}`)
  }

  private async deliverAll(tab: Tab): Promise<void> {
    while (tab.calls.length > 0) {
      await tab.carry('nothing')
      tab.bring()
      await settled()
    }
  }

  private async isAtRest(): Promise<boolean> {
    const revision = await this.server.revision(this.imageId)
    return this.openTabs.every(
      (tab) => tab.session.getState().sync.at === 'saved' && tab.session.seenRevision === revision,
    )
  }

  /** Work that closed tabs left and no open one has taken up. @returns whether there was any */
  private async openOrphans(): Promise<boolean> {
    for (const [person, browser] of this.browsers) {
      if (![...browser.kept.keys()].some((tab) => !tab.isOpen)) continue
      await this.open(person)
      return true
    }
    return false
  }
}
