/** Handles, crosshair and marquee: a pair that can be seen on any picture, in both themes. */
export const LIGHT = '#ffffff'
export const DARK = '#1b1b1f'
/** Snapping guides: a colour that no label is given. */
export const GUIDE = '#ff2bd6'
