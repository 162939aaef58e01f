import { isDeepStrictEqual } from 'node:util'
import { AttributeRule, type Attribute as KnownAttribute } from '../contracts/attribute.ts'
import type { SpokeOf } from '../contracts/bulk-edit.ts'
import type { AttributeId } from '../contracts/ids.ts'
import type { Database, Transaction } from '../db/client.ts'

/** What the editor asks of boxes, in the project's order. */
export async function listAttributes(
  db: Database | Transaction,
  projectId: string,
): Promise<KnownAttribute[]> {
  const rows = await db.attribute.findMany({
    where: { projectId },
    orderBy: [{ position: 'asc' }, { id: 'asc' }],
    select: { id: true, name: true, rule: true },
  })
  return rows.map(({ id, name, rule }) => ({ id: id as AttributeId, name, rule: AttributeRule.parse(rule) }))
}

export interface AttributeValues {
  name: string
  /** Boxes that carry it. */
  boxes: number
  /** The most frequent ones. */
  values: { value: string | number | boolean; boxes: number }[]
}

const MOST_VALUES = 200

/** Every name that boxes carry, also those that nobody has defined: an import may have brought them. */
export async function attributeUsage(db: Database, projectId: string): Promise<AttributeValues[]> {
  const rows = await db.$queryRaw<
    { name: string; type: string; value: string | number | bigint; boxes: bigint }[]
  >`
    SELECT a."key" AS name, a."type" AS type, a."atom" AS value, count(*) AS boxes
    FROM "Image" i JOIN "Box" b ON b."imageId" = i."id", json_each(b."attributes") a
    WHERE i."projectId" = ${projectId} AND b."attributes" <> '{}'
    GROUP BY a."key", a."type", a."atom" ORDER BY boxes DESC, a."key", a."atom"`
  const found = new Map<string, AttributeValues>()
  for (const { name, type, value, boxes } of rows) {
    const known = found.get(name) ?? { name, boxes: 0, values: [] }
    found.set(name, known)
    known.boxes += Number(boxes)
    if (known.values.length < MOST_VALUES)
      known.values.push({ value: jsonValue(type, value), boxes: Number(boxes) })
  }
  return [...found.values()]
}

/** SQLite has no booleans: `true` is the number 1 with a type of its own. */
function jsonValue(type: string, value: string | number | bigint): string | number | boolean {
  if (type === 'true' || type === 'false') return type === 'true'
  return type === 'text' ? String(value) : Number(value)
}

/**
 * Attributes that speak of one class speak of another one, or (null) of that class no more.
 * @returns which did, for undo
 */
export async function renameInAttributes(
  tx: Transaction,
  projectId: string,
  from: string,
  to: string | null,
): Promise<SpokeOf> {
  const changed: SpokeOf = []
  for (const { id, rule } of await listAttributes(tx, projectId)) {
    if (rule.appliesTo.to !== 'labels' || !rule.appliesTo.labels.includes(from)) continue
    const before = rule.appliesTo.labels
    const after = [...new Set(before.flatMap((label) => (label === from ? (to ?? []) : label)))]
    await writeLabels(tx, id, rule, after)
    changed.push({ id, before, after })
  }
  return changed
}

/** What `renameInAttributes` did, taken back where it still stands. */
export async function restoreInAttributes(
  tx: Transaction,
  projectId: string,
  changed: SpokeOf,
): Promise<void> {
  const known = new Map(
    (await listAttributes(tx, projectId)).map((attribute) => [attribute.id, attribute.rule]),
  )
  for (const { id, before, after } of changed) {
    const rule = known.get(id)
    if (rule?.appliesTo.to !== 'labels' || !isDeepStrictEqual(rule.appliesTo.labels, after)) continue
    await writeLabels(tx, id, rule, before)
  }
}

async function writeLabels(
  tx: Transaction,
  id: string,
  rule: AttributeRule,
  labels: readonly string[],
): Promise<void> {
  const changed = AttributeRule.parse({ ...rule, appliesTo: { to: 'labels', labels } })
  await tx.attribute.update({ where: { id }, data: { rule: changed } })
}
