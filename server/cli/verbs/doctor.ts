import type { Command } from 'commander'
import type { CheckResult } from '../doctor/checks.ts'
import { EXIT_INPUT, type Report } from '../report.ts'

const MARK = { ok: '✓', warning: '!', failed: '✗' } as const

export function addDoctorVerb(program: Command, report: Report): void {
  program
    .command('doctor')
    .description('look for what would keep the studio from working, and say what to do')
    .action(async () => {
      const checks = await import('../doctor/checks.ts')
      const results: CheckResult[] = [
        checks.checkNodeVersion(),
        await checks.checkPython(),
        await checks.checkDataFolder(),
        await checks.checkDisk(),
        await checks.checkMigrations(),
        ...(await checks.checkDatabase()),
      ]
      const failed = results.filter(({ state }) => state === 'failed').length
      if (failed > 0) process.exitCode = EXIT_INPUT
      report.done({ healthy: failed === 0, checks: results }, results.map(line).join('\n'))
    })
}

function line({ name, state, detail, advice }: CheckResult): string {
  return `${MARK[state]} ${name.padEnd(10)} ${detail}${advice === '' ? '' : `\n  ${' '.repeat(10)} → ${advice}`}`
}
