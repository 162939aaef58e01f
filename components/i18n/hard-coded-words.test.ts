import { expect, test } from 'vitest'
import { hardCodedWords } from './testing/hard-coded-words.ts'
import { sourceFiles } from './testing/source-files.ts'

const words = (text: string) => hardCodedWords('page.tsx', text).map((hit) => hit.words)

test('every word that a person reads on a page comes from the catalogues', () => {
  const hits = sourceFiles(['.tsx']).flatMap(({ file, text }) =>
    hardCodedWords(file, text).map((hit) => `${file}:${hit.line} ${hit.words}`),
  )
  expect(hits).toEqual([])
})

test('words between tags are found, in any script', () => {
  expect(words('<p>Saved</p>')).toEqual(['Saved'])
  expect(words('<p>已保存</p>')).toEqual(['已保存'])
  expect(words(`<p>{isSaved ? "Saved" : \`\${count} left\`}</p>`)).toEqual(['Saved', 'left'])
  expect(words('<p>{isSaved && "Saved"}</p>')).toEqual(['Saved'])
})

test('words in attributes that are read out are found', () => {
  expect(words(`<input placeholder="Name" aria-label={\`Name of \${x}\`} className="p-2" />`)).toEqual([
    'Name',
    'Name of',
  ])
})

test('words of a toast are found', () => {
  expect(words("toast.error('It failed')")).toEqual(['It failed'])
})

test('a command that is shown as code is not words', () => {
  expect(words('<code>python -m refbox_trainer {path}</code>')).toEqual([])
})

test('signs, numbers, translations and technical attributes are not words', () => {
  expect(words('<p className="p-2">{t("saved")} · 12 × {width}{": "}</p>')).toEqual([])
})
