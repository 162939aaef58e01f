import type { AnnotationChange } from '../contracts/annotation.ts'
import { nextLabelColour } from '../contracts/label-colours.ts'
import type { Transaction } from '../db/client.ts'
import { newId } from '../db/ids.ts'

/** A class that is named for the first time becomes a label of the project, with the next colour. */
export async function upkeepLabels(
  tx: Transaction,
  projectId: string,
  changes: readonly AnnotationChange[],
): Promise<void> {
  const names = new Set<string>()
  for (const { type, before, after } of changes) {
    if (type !== 'expression' || after?.kind !== 'class') continue
    // Another order only: while a class is being renamed its old name must not become a class again.
    if (before?.kind !== 'class' || before.text !== after.text) names.add(after.text)
  }
  await addLabels(tx, projectId, [...names])
}

/** Adds those of the names that are not labels yet, in this order. */
export async function addLabels(tx: Transaction, projectId: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  const known = await tx.label.findMany({
    where: { projectId },
    select: { name: true, position: true, colour: true },
  })
  const taken = new Set(known.map((label) => label.name))
  const first = Math.max(-1, ...known.map((label) => label.position)) + 1
  const added = [...new Set(names)].filter((name) => !taken.has(name))
  if (added.length === 0) return
  const used = known.map((label) => label.colour)
  // A name that is a class again does not mean another one any more.
  await tx.labelAlias.deleteMany({ where: { projectId, name: { in: added } } })
  await tx.label.createMany({
    data: added.map((name, place) => {
      const colour = nextLabelColour(used)
      used.push(colour)
      return { id: newId('lb'), projectId, name, colour, position: first + place }
    }),
  })
}
