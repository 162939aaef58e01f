import { ACTIONS, type ActionName, type Keymap } from '../actions/registry.ts'

export const PRESETS = ['refbox', 'cvat', 'labelme'] as const
export type Preset = (typeof PRESETS)[number]

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9']

/**
 * Where a preset differs from the studio's own keys. What the other tool has is under its own key; what
 * it does not have keeps ours unless that key is needed.
 */
const DIFFERENCES: Record<Preset, Partial<Record<ActionName, readonly string[]>>> = {
  refbox: {},
  cvat: {
    drawTool: ['n', 'r'],
    negative: ['alt+n'],
    nextImage: ['f', 'pagedown'],
    previousImage: ['d', 'pageup'],
    hide: ['h'],
    hideAll: ['t'],
    names: ['alt+t'],
    panTool: ['shift+h'],
    choose: [...DIGITS.map((digit) => `mod+${digit}`), ...DIGITS],
    copyPrevious: ['mod+b'],
    turnRight: ['mod+r'],
    turnLeft: ['mod+shift+r'],
    doneAndNext: ['enter', 'mod+s'],
  },
  labelme: {
    drawTool: ['mod+r', 'r'],
    selectTool: ['mod+j', 'v'],
    relabel: ['mod+e', 'w', 'f2'],
    hideAll: ['t'],
    names: ['alt+t'],
    fit: ['mod+f', '0'],
    actualSize: ['mod+0', 'shift+0'],
    zoomIn: ['mod++', 'mod+=', '=', '+'],
    zoomOut: ['mod+-', '-'],
    doneAndNext: ['enter', 'mod+s'],
  },
}

export function keymapOf(preset: Preset): Keymap {
  return new Map(ACTIONS.map(({ name, keys }) => [name, DIFFERENCES[preset][name] ?? keys]))
}
