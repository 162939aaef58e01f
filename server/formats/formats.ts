/** Formats that can be read and written, by the names the command line uses. */
export const FORMATS = ['internvl', 'coco'] as const
export type Format = (typeof FORMATS)[number]
