/**
 * Looks at the first bytes of a stream without losing them.
 * @returns at least `length` bytes (fewer if the stream ends before), and the whole stream from its start
 */
export async function peek(
  source: AsyncIterable<Uint8Array>,
  length: number,
): Promise<{ head: Buffer; whole: AsyncGenerator<Uint8Array> }> {
  const iterator = source[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  for (let known = 0; known < length; ) {
    const { done, value } = await iterator.next()
    if (done) break
    first.push(value)
    known += value.byteLength
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    try {
      yield* first
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
    } finally {
      await iterator.return?.()
    }
  }
  return { head: Buffer.concat(first), whole: whole() }
}
