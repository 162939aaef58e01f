import { describe, expect, it } from 'vitest'
import type { EditorState } from '../editor/state.ts'
import { Driver } from '../testing/driver.ts'
import { aBox, anExpression } from '../testing/records.ts'
import { Frames } from './frames.ts'

const dog = anExpression({ text: 'dog' })

/** A display that shows a frame when it is told to. */
function display() {
  const waiting: (() => void)[] = []
  return {
    waiting,
    requestFrame: (frame: () => void) => void waiting.push(frame),
    show: () => {
      for (const frame of waiting.splice(0)) frame()
    },
  }
}

function watched() {
  const { editor } = new Driver({ expressions: [dog], boxes: [aBox([dog])] })
  const screen = display()
  const frames = new Frames(editor, screen.requestFrame)
  const painted: string[] = []
  const painter = (name: string, needs: (state: EditorState) => readonly unknown[]) => ({
    needs,
    paint: () => void painted.push(name),
  })
  return { editor, screen, frames, painted, painter }
}

describe('frames', () => {
  it('paint everything once at first, and then nothing as long as nothing changes', () => {
    const { screen, frames, painted, painter } = watched()
    frames.add(painter('boxes', ({ doc }) => [doc]))
    frames.add(painter('hand', ({ pointer }) => [pointer]))
    screen.show()
    expect(painted).toEqual(['boxes', 'hand'])
    expect(screen.waiting).toHaveLength(0)
  })

  it('paint many changes between two frames as one', () => {
    const { editor, screen, frames, painted, painter } = watched()
    frames.add(painter('picture', ({ viewport }) => [viewport]))
    screen.show()
    for (let x = 1; x < 50; x += 1) editor.setViewport({ scale: 1, x, y: 0, turn: 0 })
    expect(screen.waiting).toHaveLength(1)
    screen.show()
    expect(painted).toEqual(['picture', 'picture'])
  })

  it('leave alone what needs nothing of what has changed', () => {
    const { editor, screen, frames, painted, painter } = watched()
    frames.add(painter('boxes', ({ doc, viewport }) => [doc, viewport]))
    frames.add(painter('hand', ({ selection }) => [selection]))
    screen.show()
    editor.select([])
    screen.show()
    expect(painted).toEqual(['boxes', 'hand', 'hand'])
  })

  it('paint a newcomer without the others, and nothing that has gone', () => {
    const { editor, screen, frames, painted, painter } = watched()
    const remove = frames.add(painter('map', ({ viewport }) => [viewport]))
    screen.show()
    frames.add(painter('hand', ({ selection }) => [selection]))
    screen.show()
    remove()
    editor.setViewport({ scale: 2, x: 0, y: 0, turn: 0 })
    screen.show()
    expect(painted).toEqual(['map', 'hand'])
  })

  it('stop listening with the last painter and begin again with the next', () => {
    const { editor, screen, frames, painted, painter } = watched()
    frames.add(painter('map', ({ viewport }) => [viewport]))()
    screen.show()
    editor.setViewport({ scale: 2, x: 0, y: 0, turn: 0 })
    expect(screen.waiting).toHaveLength(0)
    frames.add(painter('map', ({ viewport }) => [viewport]))
    screen.show()
    expect(painted).toEqual(['map'])
  })
})
