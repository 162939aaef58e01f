import { expect, test } from 'vitest'
import { inOrder } from './collect-files.ts'

const paths = (...names: string[]) =>
  inOrder(names.map((path) => ({ path, file: new File([], path) }))).map(({ path }) => path)

test('files arrive in the order in which people number them', () => {
  expect(paths('a/10.jpg', 'a/2.jpg', 'a/1.jpg')).toEqual(['a/1.jpg', 'a/2.jpg', 'a/10.jpg'])
})

test('what a system leaves in folders is not imported, a picture of a similar name is', () => {
  expect(
    paths('.DS_Store', 'a/Thumbs.db', 'a/._x.jpg', '__MACOSX/a/x.jpg', 'a/desktop.ini', 'a/thumbs.jpg'),
  ).toEqual(['a/thumbs.jpg'])
})
