#!/usr/bin/env node
// Stands where the Python interpreter stands and misbehaves on demand: processes that die in the middle of
// a line, do not listen, or leave no word. A well-behaved trainer is tested with the real one.
// Called as `-m refbox_trainer check|train RUN.json [--out DIR] [--resume]` or
// `-m refbox_trainer export --model DIR --out DIR`; the model's folder says how to behave.
import { appendFileSync, existsSync, mkdirSync, readFileSync, watch, writeFileSync } from 'node:fs'
import path from 'node:path'

const [verb, ...rest] = process.argv.slice(4)
const resume = rest.includes('--resume')
const option = (name) => rest[rest.indexOf(name) + 1]
const model = verb === 'export' ? option('--model') : JSON.parse(readFileSync(rest[0], 'utf8')).model.path
const behaviour = readFileSync(path.join(model, 'behaviour.txt'), 'utf8').trim()
/** Where the test puts `go`. */
const folder = verb === 'export' ? model : path.dirname(rest[0])
const events = path.join(folder, 'events.jsonl')
let seq = existsSync(events) ? readFileSync(events, 'utf8').split('\n').length - 1 : 0

function emit(type, fields) {
  appendFileSync(
    events,
    `${JSON.stringify({ type, time: new Date().toISOString(), seq: seq++, ...fields })}\n`,
  )
}

function step(number) {
  emit('step', {
    step: number,
    total_steps: 10,
    epoch: number / 10,
    loss: 1 / number,
    learning_rate: 0.001,
    grad_norm: 1,
    tokens_per_second: 100,
    samples_per_second: 10,
    memory_bytes: 1000,
    seconds_left: 10 - number,
  })
}

function checkpoint(number) {
  const name = `checkpoints/step-${String(number).padStart(6, '0')}`
  mkdirSync(path.join(folder, name), { recursive: true })
  emit('checkpoint', { step: number, path: name })
}

/** Lives until somebody ends it. */
function stay() {
  setInterval(() => undefined, 60_000)
}

/** Calls `then` once the test has put a file named `go` into the folder of the run. */
function whenTold(then) {
  const look = () => {
    if (!existsSync(path.join(folder, 'go'))) return
    watcher.close()
    then()
  }
  const watcher = watch(folder, look)
  look()
}

const TRAIN = {
  finishes() {
    step(1)
    emit('done', { status: 'succeeded', step: 10 })
  },
  'finishes-when-told'() {
    step(1)
    whenTold(() => emit('done', { status: 'succeeded', step: 10 }))
  },
  'fails-when-told'() {
    step(1)
    whenTold(() => {
      emit('error', { code: 'out_of_memory', message: 'Memory ran out.', what_to_do: 'Lower the batch.' })
      process.exit(3)
    })
  },
  'dies-in-a-line'() {
    if (resume) return TRAIN.finishes()
    step(1)
    checkpoint(1)
    appendFileSync(events, '{"type":"step","step":2,"tot')
    process.kill(process.pid, 'SIGKILL')
  },
  'exits-with-3'() {
    step(1)
    process.exit(3)
  },
  'saves-when-asked'() {
    process.on('SIGTERM', () => {
      checkpoint(2)
      emit('done', { status: 'stopped', step: 2 })
      process.exit(0)
    })
    step(1)
    stay()
  },
  'does-not-listen'() {
    process.on('SIGTERM', () => emit('warning', { code: 'deaf', message: 'I do not listen.' }))
    checkpoint(1)
    step(1)
    stay()
  },
  'check-finds-problems': () => undefined,
  'check-hangs': () => undefined,
}

const CHECK = {
  'check-finds-problems'() {
    for (const number of [1, 2]) {
      const problem = {
        level: 'error',
        code: 'bad_data',
        message: `Problem ${number}.`,
        where: null,
        what_to_do: null,
      }
      process.stdout.write(`${JSON.stringify(problem)}\n`)
    }
    process.exitCode = 2
  },
  'check-hangs': stay,
}

function exportBundle() {
  appendFileSync(path.join(model, 'exports.txt'), `${process.pid}\n`)
  const write = () => {
    mkdirSync(option('--out'), { recursive: true })
    writeFileSync(path.join(option('--out'), 'manifest.json'), '{}')
  }
  if (behaviour === 'finishes-when-told') return whenTold(write)
  if (behaviour === 'finishes') return write()
  process.stderr.write('error [bad_model] The weights do not fit.\n')
  process.exitCode = 2
}

if (verb === 'check') {
  CHECK[behaviour]?.()
} else if (verb === 'export') {
  exportBundle()
} else {
  emit('stage', { name: 'train', state: 'begin', detail: resume ? 'resumed' : 'from the beginning' })
  TRAIN[behaviour]()
}
