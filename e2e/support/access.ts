import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Levels A and AA of WCAG 2.2, and what axe counts as good practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/**
 * What keeps people out of the page as it is now, by axe: serious and critical findings, one line for each
 * element, so that a failing test says where to look.
 */
export async function barriers(page: Page): Promise<string[]> {
  // Evaluated, not added as a script: the page's own policy refuses scripts that are not the studio's.
  await page.evaluate(AXE)
  const { violations } = await page.evaluate<AxeResults, string[]>(async (rules) => {
    // Colours in the middle of a fade are nobody's colours. A fade begins with the frame after what caused it.
    const frame = () => new Promise((next) => requestAnimationFrame(next))
    await frame()
    await frame()
    await Promise.allSettled(document.getAnimations().map((animation) => animation.finished))
    const { axe } = window as unknown as { axe: typeof import('axe-core') }
    // That visible words are part of the name is for those who call things by speaking. The options of our
    // lists say in whole words what their rows show in short, and nobody calls a row by its numbers.
    axe.configure({ rules: [{ id: 'label-content-name-mismatch', selector: ':not([role=option])' }] })
    return axe.run(document, { runOnly: rules, resultTypes: ['violations'] })
  }, RULES)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary = '' }) => {
        const [, ...reasons] = failureSummary.split('\n').map((line) => line.trim())
        return `${id}: ${target.join(' ')}: ${reasons.join('; ')}`
      }),
    )
}
