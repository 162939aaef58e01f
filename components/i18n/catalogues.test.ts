import { type AbstractIntlMessages, createTranslator } from 'use-intl/core'
import { expect, test } from 'vitest'
import { LOCALES, type Locale, localeFromHeader } from './locale.ts'
import en from './messages/en.ts'
import zh from './messages/zh.ts'
import { sourceFiles } from './testing/source-files.ts'

const CATALOGUES: Record<Locale, AbstractIntlMessages> = { en, zh }

/** "images.filter.label" → its words. */
function flatten(node: object, prefix = ''): Map<string, string> {
  const entries = Object.entries(node).flatMap(([key, value]: [string, unknown]): [string, string][] => {
    const name = prefix ? `${prefix}.${key}` : key
    if (typeof value === 'string') return [[name, value]]
    return typeof value === 'object' && value !== null ? [...flatten(value, name)] : []
  })
  return new Map(entries)
}

/**
 * Names of the values that a message is given. Braces alternate: the first opens a value, the one inside
 * it a branch ("other {…}"), the one inside that a value again.
 */
function argumentsOf(message: string): string[] {
  const names = new Set<string>()
  let depth = 0
  for (const [token, name] of message.matchAll(/\{\s*(\w*)|\}/g)) {
    depth += token === '}' ? -1 : 1
    if (token !== '}' && depth % 2 === 1 && name) names.add(name)
  }
  return [...names].sort()
}

const english = flatten(en)
const chinese = flatten(zh)

test('both languages have the same messages', () => {
  expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort())
})

test('no message is empty', () => {
  for (const catalogue of [english, chinese]) {
    const empty = [...catalogue].filter(([, words]) => words.trim() === '').map(([key]) => key)
    expect(empty).toEqual([])
  }
})

test('a message takes the same values in both languages', () => {
  const different = [...english]
    .map(([key, words]) => ({ key, en: argumentsOf(words), zh: argumentsOf(chinese.get(key) ?? '') }))
    .filter((entry) => entry.en.join() !== entry.zh.join())
  expect(different).toEqual([])
})

test.each(LOCALES)('every message of %s can be put into words', (locale) => {
  const problems: string[] = []
  // The keys come out of the catalogue itself here, so there is no type for them.
  const translate: (key: string, values: Record<string, number>) => string = createTranslator({
    locale,
    messages: CATALOGUES[locale],
    timeZone: 'UTC',
    onError: (error) => problems.push(error.message),
  }) as never
  for (const [key, words] of flatten(CATALOGUES[locale])) {
    translate(key, Object.fromEntries(argumentsOf(words).map((name) => [name, 2])))
  }
  expect(problems).toEqual([])
})

test('every namespace that a page asks for exists', () => {
  const known = new Set(
    [...english.keys()].flatMap((key) => key.split('.').map((_, at, parts) => parts.slice(0, at).join('.'))),
  )
  const missing = sourceFiles(['.ts', '.tsx']).flatMap(({ file, text }) =>
    [...text.matchAll(/\b(?:useTranslations|getTranslations)\('([\w.]+)'\)/g)]
      .map(([, namespace]) => namespace ?? '')
      .filter((namespace) => !known.has(namespace))
      .map((namespace) => `${file}: ${namespace}`),
  )
  expect(missing).toEqual([])
})

test('the browser’s first language that we speak is taken, English when there is none', () => {
  expect(localeFromHeader('zh-CN,zh;q=0.9,en;q=0.8')).toBe('zh')
  expect(localeFromHeader('fr-FR,fr;q=0.9,zh-TW;q=0.5,en;q=0.3')).toBe('zh')
  expect(localeFromHeader('en-GB')).toBe('en')
  expect(localeFromHeader('fr')).toBe('en')
  expect(localeFromHeader(null)).toBe('en')
})
