// Runs inside the pages that are measured: turns the wheel, and looks when boxes have come onto a canvas.

type Motion = 'zoom' | 'pan'

/** What has come onto the canvases of the page: outlines of boxes, and pictures or tiles. */
export interface Drawn {
  rectangles: number
  pictures: number
}

export interface Probe {
  /** Turns the wheel once a frame over the element. @returns milliseconds between the frames */
  frames: (selector: string, motion: Motion, count: number) => Promise<number[]>
  /**
   * Waits for the next event of this type, and from it until so much has been drawn.
   * @returns milliseconds until their frame was ready, and the longest frame of the second after it
   */
  afterEvent: (type: 'keydown' | 'dblclick', drawn: Drawn) => Promise<{ ms: number; longest: number }>
  /** Milliseconds from the beginning of the page's load until so much has been drawn. */
  afterLoad: (drawn: Drawn) => Promise<number>
}

declare global {
  interface Window {
    probe: Probe
  }
}

/** Frames that begin a measurement and do not count: code is compiled, pictures are decoded. */
const WARM_UP = 10
const FRAMES_AFTER = 60

const MODIFIERS = new Set(['Control', 'Shift', 'Alt', 'Meta'])

const sofar: Drawn = { rectangles: 0, pictures: 0 }
const canvas = CanvasRenderingContext2D.prototype
const { strokeRect, drawImage } = canvas
canvas.strokeRect = function counted(x, y, width, height) {
  sofar.rectangles += 1
  strokeRect.call(this, x, y, width, height)
}
canvas.drawImage = function counted(this: CanvasRenderingContext2D, ...given: unknown[]) {
  sofar.pictures += 1
  ;(drawImage as (...all: unknown[]) => void).apply(this, given)
}

const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))

/** After the frame that is being made: the browser takes messages when it has been handed over. */
function handedOver(): Promise<number> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.onmessage = () => resolve(performance.now())
    port2.postMessage(null)
  })
}

/** In and out, or to and fro, so that the picture ends where it was. */
function wheel(motion: Motion, step: number): WheelEventInit {
  const there = Math.floor(step / 15) % 2 === 0
  return motion === 'zoom' ? { deltaY: there ? -60 : 60 } : { deltaX: there ? 12 : -12 }
}

async function drawnSince(start: Drawn, { rectangles, pictures }: Drawn): Promise<number> {
  const isMissing = () =>
    sofar.rectangles - start.rectangles < rectangles || sofar.pictures - start.pictures < pictures
  while (isMissing()) await nextFrame()
  return handedOver()
}

window.probe = {
  async frames(selector, motion, count) {
    const element = document.querySelector(selector)
    if (!element) throw new Error(`There is no ${selector} on the page.`)
    const { left, top, width, height } = element.getBoundingClientRect()
    const at = { clientX: left + width * 0.45, clientY: top + height * 0.55, bubbles: true, cancelable: true }
    const deltas: number[] = []
    let last = await nextFrame()
    for (let step = 0; step < count + WARM_UP; step += 1) {
      element.dispatchEvent(new WheelEvent('wheel', { ...at, ...wheel(motion, step) }))
      const now = await nextFrame()
      if (step >= WARM_UP) deltas.push(now - last)
      last = now
    }
    return deltas
  },
  afterEvent(type, drawn) {
    return new Promise((resolve) => {
      const listening = new AbortController()
      window.addEventListener(
        type,
        async (event) => {
          // The modifier of a shortcut comes as a key of its own.
          if (event instanceof KeyboardEvent && MODIFIERS.has(event.key)) return
          listening.abort()
          const { timeStamp } = event
          const ms = (await drawnSince({ ...sofar }, drawn)) - timeStamp
          let longest = 0
          let last = await nextFrame()
          for (let frame = 0; frame < FRAMES_AFTER; frame += 1) {
            const now = await nextFrame()
            longest = Math.max(longest, now - last)
            last = now
          }
          resolve({ ms, longest })
        },
        { capture: true, signal: listening.signal },
      )
    })
  },
  afterLoad: (drawn) => drawnSince({ rectangles: 0, pictures: 0 }, drawn),
}
