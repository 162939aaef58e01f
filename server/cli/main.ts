import { Command, CommanderError } from 'commander'
import { EXIT_INPUT, makeReport, printFailure } from './report.ts'
import { addConvertVerb } from './verbs/convert.ts'
import { addDoctorVerb } from './verbs/doctor.ts'
import { addDrawVerb } from './verbs/draw.ts'
import { addExportVerb } from './verbs/export.ts'
import { addModelsVerb } from './verbs/models.ts'
import { addRunsVerb } from './verbs/runs.ts'
import { addSampleVerb } from './verbs/sample.ts'

// Verbs load their rules only when they run: the database and the canvas take a second each.
const json = process.argv.includes('--json')
const program = new Command('refbox')
  .description('RefBox Studio on the command line')
  .option('--json', 'answer as one JSON object on standard output')
  .showHelpAfterError('(refbox VERB --help shows what a verb takes)')
  .exitOverride()
const report = makeReport(() => json)
addConvertVerb(program, report)
addSampleVerb(program, report)
addDrawVerb(program, report)
addExportVerb(program, report)
addModelsVerb(program, report)
addRunsVerb(program, report)
addDoctorVerb(program, report)
// Every verb takes --json in its own place too: `refbox convert --json …` reads naturally.
for (const verb of program.commands.flatMap((one) => [one, ...one.commands])) {
  verb.option('--json', 'answer as one JSON object').exitOverride()
}

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT_INPUT
  else process.exitCode = printFailure(error, json)
}
