/** The pages of a project, in the order of the work. `keys` are pressed one after the other. */
export const SECTIONS = [
  { name: 'images', path: '', keys: 'g i' },
  { name: 'dataset', path: '/dataset', keys: 'g d' },
  { name: 'runs', path: '/runs', keys: 'g r' },
  { name: 'review', path: '/review', keys: 'g v' },
  { name: 'team', path: '/team', keys: 'g t' },
  { name: 'settings', path: '/settings', keys: 'g s' },
] as const

export type SectionName = (typeof SECTIONS)[number]['name']

/** Which section an address belongs to: the annotator is a part of Images. */
export function sectionOf(pathname: string): SectionName {
  const [, , , first] = pathname.split('/')
  return SECTIONS.find((section) => first && section.path === `/${first}`)?.name ?? 'images'
}
