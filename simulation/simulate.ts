import fc from 'fast-check'
import { type Act, type Story, story } from './act.ts'
import { checkNothingLost } from './checks.ts'
import type { SimulatedServer } from './server.ts'
import { World } from './world.ts'

/** Plays one story on a fresh image. @throws with what was lost */
export async function playStory(server: SimulatedServer, told: Story): Promise<World> {
  const world = await World.begin(server, told.people)
  await world.play(told)
  await checkNothingLost(world)
  return world
}

export function storyOf(seed: number): Story {
  const [told] = fc.sample(fc.noBias(story), { seed, numRuns: 1 })
  if (!told) throw new Error('No story was made.')
  return told
}

/** How much happened on a day. */
export interface Day {
  revisions: number
  /** Conflicts that somebody decided. */
  questions: number
  /** Pages that took up the work of closed ones. */
  heirs: number
}

/** Plays the story of a seed. @throws with the shortest story found that loses something, too */
export async function simulate(server: SimulatedServer, seed: number): Promise<Day> {
  const told = storyOf(seed)
  const day: Day = { revisions: 0, questions: 0, heirs: 0 }
  const problem = await problemOf(server, told, day)
  if (!problem) return day
  const shorter = await shorten(told.acts, async (acts) => {
    return (await problemOf(server, { ...told, acts })) !== null
  })
  const reason = await problemOf(server, { ...told, acts: shorter })
  const lines = shorter.map((act) => `  ${JSON.stringify(act)}`).join('\n')
  throw new Error(
    `Seed ${seed}: ${reason ?? problem}\n${told.people.join(', ')}:\n${lines}\n` +
      `Again: REFBOX_SEED=${seed} npm run bench -- annotator_sync`,
  )
}

async function problemOf(server: SimulatedServer, told: Story, day?: Day): Promise<string | null> {
  try {
    const { acceptedAt, tabs } = await playStory(server, told)
    if (day) {
      day.revisions = acceptedAt.length
      day.questions = tabs.reduce((sum, tab) => sum + tab.decisions.length, 0)
      day.heirs = tabs.filter((tab) => tab.heirOf.length > 0).length
    }
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Leaves out as many acts as possible, large parts first, so that it still fails. */
async function shorten(
  acts: readonly Act[],
  fails: (acts: readonly Act[]) => Promise<boolean>,
): Promise<readonly Act[]> {
  let left = acts
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < left.length; ) {
      const without = [...left.slice(0, at), ...left.slice(at + size)]
      if (without.length < left.length && (await fails(without))) left = without
      else at += size
    }
  }
  return left
}
