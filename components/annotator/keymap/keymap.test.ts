import { describe, expect, it } from 'vitest'
import type { KeyPress } from '../../app-shell/keys.ts'
import { press } from '../../app-shell/testing/press.ts'
import { ACTIONS, actionOfPress } from '../actions/registry.ts'
import { assignKey, keyProblem, keysOfPress, resetKey, resolveKeymap } from './keymap.ts'
import { keymapOf, PRESETS } from './presets.ts'
import { DEFAULT_KEYMAP, parseKeymap } from './store.ts'

describe('presets', () => {
  it.each(PRESETS)(
    'of %s give every key to one action, and none to the studio’s or the browser’s',
    (preset) => {
      const keymap = keymapOf(preset)
      const problems = [...keymap].flatMap(([name, keys]) =>
        keys.flatMap((each) => {
          const problem = keyProblem(keymap, name, each)
          return problem ? { name, each, problem } : []
        }),
      )
      expect(problems).toEqual([])
      expect(keymap.size).toBe(ACTIONS.length)
    },
  )

  it('have the keys that their tools are known for', () => {
    const named = (preset: (typeof PRESETS)[number], event: KeyPress) =>
      actionOfPress(event, false, keymapOf(preset))?.action.name
    expect(named('cvat', press('n', 'KeyN'))).toBe('drawTool')
    expect(named('cvat', press('f', 'KeyF'))).toBe('nextImage')
    expect(named('cvat', press('3', 'Digit3', { ctrlKey: true }))).toBe('choose')
    expect(named('labelme', press('r', 'KeyR', { ctrlKey: true }))).toBe('drawTool')
    expect(named('refbox', press('d', 'KeyD'))).toBe('nextImage')
  })
})

describe('changing a key', () => {
  it('names who has it', () => {
    const keymap = keymapOf('refbox')
    expect(keyProblem(keymap, 'lock', 'v')).toEqual({ kind: 'taken', by: 'selectTool' })
    expect(keyProblem(keymap, 'lock', 'shift+mod+z')).toEqual({ kind: 'taken', by: 'redo' })
    expect(keyProblem(keymap, 'lock', 'l')).toBeNull()
    expect(keyProblem(keymap, 'lock', 'mod+k')).toEqual({ kind: 'studio' })
    expect(keyProblem(keymap, 'lock', 'mod+w')).toEqual({ kind: 'browser' })
    expect(keyProblem(keymap, 'lock', 'p')).toBeNull()
  })

  it('takes it from whoever had it and leaves that one its other keys', () => {
    const keymap = resolveKeymap(assignKey(DEFAULT_KEYMAP, 'lock', 'mod+y'))
    expect([keymap.get('lock'), keymap.get('redo')]).toEqual([['mod+y'], ['mod+shift+z']])
  })

  it('does not take what belongs to the studio or the browser', () => {
    expect(assignKey(DEFAULT_KEYMAP, 'lock', 'mod+k')).toBe(DEFAULT_KEYMAP)
  })

  it('is taken back only while the preset’s key is free', () => {
    const choice = assignKey(assignKey(DEFAULT_KEYMAP, 'lock', 'p'), 'hide', 'l')
    expect(resetKey(choice, 'lock')).toBeNull()
    const back = resetKey(choice, 'hide')
    expect(back && resetKey(back, 'lock')).toEqual(DEFAULT_KEYMAP)
  })
})

describe('a pressed key', () => {
  it.each([
    [press('k', 'KeyK', { ctrlKey: true, shiftKey: true }), 'mod+shift+k'],
    [press('#', 'Digit3', { shiftKey: true }), 'shift+3'],
    [press('?', 'Slash', { shiftKey: true }), '?'],
    [press('¬', 'KeyL', { altKey: true }), 'alt+l'],
    [press('к', 'KeyR'), 'r'],
    [press('a', 'KeyQ'), 'a'],
    [press('F2', 'F2'), 'f2'],
    [press('ArrowUp', 'ArrowUp'), 'arrowup'],
    [press('Shift', 'ShiftLeft', { shiftKey: true }), null],
    [press('Process', 'KeyR'), null],
  ])('%o is written as %j', (event, keys) => {
    expect(keysOfPress(event, false)).toBe(keys)
  })

  it('is found again by what was written', () => {
    const event = press('J', 'KeyJ', { ctrlKey: true, shiftKey: true })
    const keymap = resolveKeymap(assignKey(DEFAULT_KEYMAP, 'lock', keysOfPress(event, false) ?? ''))
    expect(actionOfPress(event, false, keymap)?.action.name).toBe('lock')
  })
})

describe('what is stored in the browser', () => {
  it('is read back, without actions that are no more', () => {
    const stored = JSON.stringify({ preset: 'cvat', own: { lock: ['j'], flyAway: ['q'] } })
    expect(parseKeymap(stored)).toEqual({ preset: 'cvat', own: { lock: ['j'] } })
  })

  it.each([null, '', '{', '{"preset":"vim","own":{}}'])(
    'falls back to the studio’s keys from %j',
    (stored) => {
      expect(parseKeymap(stored)).toEqual(DEFAULT_KEYMAP)
    },
  )
})
