import { type Change, recordOf, sameRecord } from '../components/annotator/document/change.ts'
import { type Doc, toDocument } from '../components/annotator/document/doc.ts'
import type { Box, Expression } from '../server/contracts/annotation.ts'
import type { ExpressionId } from '../server/contracts/ids.ts'
import { canonicalText, playHistory, type State } from './states.ts'
import type { Decision, Edit, Promised, Tab } from './tab.ts'
import type { World } from './world.ts'

/** @throws with the first thing that is wrong, once everybody has come to rest */
export async function checkNothingLost(world: World): Promise<void> {
  const { document } = await world.server.document(world.imageId)
  const rows = await world.server.history(world.imageId)
  const states = playHistory(rows, world.acceptedAt, document)
  const { tabs } = world
  for (const tab of tabs) {
    if (tab.refusal) throw new Error(`${tab.name} was refused: ${tab.refusal}`)
    if (tab.isOpen && canonicalText(toDocument(tab.doc)) !== canonicalText(document)) {
      throw new Error(`${tab.name} shows another document than the server has.`)
    }
    const operations = new Map(rows.map((row) => [row.operationId, row.number]))
    for (const promise of tab.promises) requireKept(tab, promise, operations, states)
    for (const edit of tab.edits) requireFate(world, tab, edit, states)
  }
  for (const [place, row] of rows.entries()) {
    const author = tabs.find((tab) => world.server.people[tab.person]?.id === row.authorId)
    const [before, after] = [states[place]?.doc, states[place + 1]?.doc]
    if (!author || !before || !after) continue
    const theirs = tabs.filter((tab) => tab.person === author.person)
    for (const change of row.changes) requireMeant(change, theirs, row.number, after, world.merged)
  }
}

/** What a page was told is saved is in the history, or was there already. */
function requireKept(
  tab: Tab,
  { batch, adjusted = [], number, revision }: Promised,
  operations: ReadonlyMap<string, number>,
  states: readonly State[],
): void {
  if (number !== null) {
    if (operations.get(batch.operationId) === number) return
    throw new Error(`${tab.name} was told that ${batch.operationId} is revision ${number}, but it is not.`)
  }
  const doc = states[revision]?.doc
  for (const change of batch.changes) {
    const settled = adjusted.find(({ id }) => id === change.id)
    if (doc && sameRecord(recordOf(doc, change), (settled ?? change).after)) continue
    throw new Error(`${tab.name} was told that ${change.id} is saved, but it never was.`)
  }
}

/** A local edit came to the server, was built upon by the next one, or was given up in a decision. */
function requireFate(world: World, tab: Tab, edit: Edit, states: readonly State[]): void {
  const { change, at } = edit
  const { tabs, merged, deleted } = world
  const heirs = [tab, ...tabs.filter((other) => other.heirOf.includes(tab))]
  const later = heirs.flatMap((heir) =>
    heir.edits.filter((other) => other.at > at && other.change.id === change.id),
  )
  // What the expression of a box was called later on here is as good a name of it.
  const names = (id: ExpressionId) => [
    edit.texts.get(id),
    // Or what others called it.
    ...states.map(({ doc }) => doc.expressions.get(id)?.text),
    ...heirs.flatMap((heir) =>
      heir.edits.flatMap(({ at: then, change: { id: other, after: record } }) =>
        then > at && other === id && record && 'text' in record ? record.text : [],
      ),
    ),
  ]
  const isOne = (mine: ExpressionId, theirs: ExpressionId, doc: Doc): boolean => {
    const alike = (text: string | undefined) => text !== undefined && names(mine).includes(text)
    if (alike(doc.expressions.get(theirs)?.text)) return true
    // One that never reached the server was taken for the other that was called so, whatever that is called now.
    const isAlone = states.some((state) => state.doc.expressions.has(mine))
    const taken = states.flatMap((state) =>
      [...state.doc.expressions.values()].filter(({ text }) => alike(text)),
    )
    const ways = isAlone ? [mine] : [mine, ...taken.map(({ id }) => id)]
    if (ways.some((way) => leadsTo(way, theirs, merged))) return true
    // What it was merged into may have become one with another of its text in turn.
    const into = merged.get(mine)
    return into !== undefined && isOne(into, theirs, doc)
  }
  const matches = (found: Box | Expression | null, doc: Doc) => isSame(change, found, doc, isOne, deleted)
  if (later.some((next) => matches(next.change.before, docOfTexts(next)))) return
  if (
    heirs.some((heir) =>
      heir.decisions.some((decision) => decision.at > at && decides(decision, change, names)),
    )
  )
    return
  const since = states.filter(
    (state, place) => state.at > at || (states[place + 1]?.at ?? Number.POSITIVE_INFINITY) > at,
  )
  if (since.some(({ doc }) => matches(recordOf(doc, change), doc))) return
  if (change.type === 'expression' && change.after) {
    const { text } = change.after
    // Two people meant the same: there is one expression of that text, theirs.
    if (since.some(({ doc }) => [...doc.expressions.values()].some((other) => other.text === text))) return
  }
  const family = [...heirs, ...tab.heirOf]
  const others = tabs.filter((other) => !family.includes(other))
  // Saves of this person, but for those that are known to come from another tab.
  const mine = states.filter(
    ({ authorId, operationId }) =>
      authorId === world.server.people[tab.person]?.id &&
      !others.some(({ name }) => operationId.startsWith(`${world.imageId}_${name}_`)),
  )
  if (isUndone(edit, family, mine)) return
  throw new Error(`An edit of ${tab.name} vanished: ${JSON.stringify(change)} made at ${at}.`)
}

/**
 * The edits since lead back to where they began, and none of them had reached the server.
 * @param mine the states that this person's saves led to
 */
function isUndone({ change, at }: Edit, tabs: readonly Tab[], mine: readonly State[]): boolean {
  const earlier = tabs
    .flatMap((tab) => tab.edits)
    .filter((other) => other.at < at && other.change.id === change.id)
    .sort((a, b) => b.at - a.at)
  const passed: Edit[] = []
  for (const other of earlier) {
    passed.push(other)
    if (!sameRecord(other.change.before, change.after)) continue
    const reached = mine.filter((state) => state.at > other.at).flatMap(({ changes }) => changes)
    return !reached.some(
      ({ id, after }) => id === change.id && passed.some((each) => sameRecord(each.change.after, after)),
    )
  }
  return false
}

/** Enough of a document to compare words in. */
function docOfTexts({ texts }: Edit): Doc {
  const expressions = new Map(
    [...texts].map(([id, text]) => [id, { id, text, kind: 'class', position: 0 } as Expression]),
  )
  return { image: { width: 1, height: 1 }, expressions, boxes: new Map() }
}

/** Whether a person chose the other side of this record, or of an expression that it shows. */
function decides(
  { conflicts, choices }: Decision,
  { id, after }: Change,
  names: (id: ExpressionId) => (string | undefined)[],
): boolean {
  const shows = after && 'expressionIds' in after ? after.expressionIds : []
  return conflicts.some((conflict) => {
    // Who insists on deleting an expression gives up what was done to its boxes in another tab, too.
    const isDeletion = choices.get(conflict.id) === 'mine' && conflict.mine === null
    if (isDeletion && shows.some((shown) => shown === conflict.id)) return true
    if (choices.get(conflict.id) !== 'theirs') return false
    if (conflict.id === id) return true
    // A box of theirs that was kept brings back the expression that it shows.
    if (!after && conflict.theirs && 'expressionIds' in conflict.theirs) {
      return conflict.theirs.expressionIds.includes(id as ExpressionId)
    }
    if (conflict.theirs !== null || !conflict.mine || !('text' in conflict.mine)) return false
    // Asked by its name: what a box shows may have become another expression of that name before.
    const { text } = conflict.mine
    return shows.some((shown) => shown === conflict.id || names(shown).includes(text))
  })
}

/** Equal, but for expressions that have become part of another one or are there under another id. */
function isSame(
  change: Change,
  found: Box | Expression | null,
  doc: Doc,
  isOne: (mine: ExpressionId, theirs: ExpressionId, doc: Doc) => boolean,
  deleted: ReadonlySet<ExpressionId>,
): boolean {
  const wanted = change.after
  if (sameRecord(wanted, found)) return true
  if (!wanted || !found || !('expressionIds' in wanted) || !('expressionIds' in found)) return false
  if (!sameRecord({ ...wanted, expressionIds: [] }, { ...found, expressionIds: [] })) return false
  // A shared box goes on without a class that a manager deleted, also when another box brought it back.
  const isGone = (mine: ExpressionId) => deleted.has(mine)
  return (
    wanted.expressionIds.every(
      (mine) => found.expressionIds.some((theirs) => isOne(mine, theirs, doc)) || isGone(mine),
    ) && found.expressionIds.every((theirs) => wanted.expressionIds.some((mine) => isOne(mine, theirs, doc)))
  )
}

function leadsTo(
  from: ExpressionId,
  to: ExpressionId,
  merged: ReadonlyMap<ExpressionId, ExpressionId>,
): boolean {
  const into = merged.get(from)
  return from === to || (into !== undefined && leadsTo(into, to, merged))
}

/** Nobody changes a record that they never touched, except for what it shows when expressions become one. */
function requireMeant(
  change: Change,
  tabs: readonly Tab[],
  number: number,
  after: Doc,
  merged: ReadonlyMap<ExpressionId, ExpressionId>,
): void {
  const { id, before } = change
  if (tabs.some((tab) => tab.edits.some((edit) => edit.change.id === id))) return
  const decided = (other: string) =>
    tabs.some((tab) => tab.decisions.some((decision) => decision.choices.has(other)))
  if (decided(id)) return
  // Who decides for a box decides for what it shows.
  const shown = (record: Box | Expression | null) =>
    record && 'expressionIds' in record && record.expressionIds
  const isShown = tabs.some((tab) =>
    tab.decisions.some(({ conflicts }) =>
      conflicts.some(({ mine, theirs }) =>
        [mine, theirs].some((side) => (shown(side) || []).some((other) => other === id)),
      ),
    ),
  )
  if (before === null && isShown) return
  if (before && 'text' in before) {
    const { text } = before
    const isOne = [...after.expressions.values()].some((other) => other.text === text)
    if (change.after === null && isOne) return
    // Whoever took one of its boxes away takes it away when others took the rest.
    const tookBox = tabs.some((tab) =>
      tab.edits.some(
        ({ change: { before: from, after: to } }) =>
          (shown(from) || []).some((other) => other === id) &&
          !(shown(to) || []).some((other) => other === id),
      ),
    )
    if (change.after === null && tookBox) return
  } else if (before) {
    const now = change.after
    const isMoved =
      now &&
      'expressionIds' in now &&
      sameRecord({ ...before, expressionIds: [] }, { ...now, expressionIds: [] })
    const gone = before.expressionIds.filter((other) => !after.expressions.has(other))
    // Decided while it showed what has become part of another expression since.
    const earlier = [...merged.keys()].filter((id) =>
      before.expressionIds.some((other) => leadsTo(id, other, merged)),
    )
    const wasDeleted = (other: string) =>
      tabs.some((tab) =>
        tab.decisions.some(({ conflicts, choices }) =>
          conflicts.some(({ id, mine }) => id === other && !mine && choices.get(id) === 'mine'),
        ),
      )
    // A box went with an expression, by a decision that came before another one about the same.
    if (isMoved || [...gone, ...earlier].some(decided) || before.expressionIds.some(wasDeleted)) return
  }
  throw new Error(
    `Revision ${number} changes ${id}, which its author never touched: ${JSON.stringify(change)}`,
  )
}
