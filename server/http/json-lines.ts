/**
 * Sends values as they come, one JSON object a line. The first is awaited, so that a failure before it is an
 * ordinary error of the route. When the reader goes away, the source is told to end.
 */
export async function jsonLines(source: AsyncGenerator<unknown>): Promise<Response> {
  const encoder = new TextEncoder()
  let next = await source.next()
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (next.done) return controller.close()
      controller.enqueue(encoder.encode(`${JSON.stringify(next.value)}\n`))
      next = await source.next()
    },
    async cancel() {
      await source.return(undefined)
    },
  })
  return new Response(stream, {
    headers: { 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store' },
  })
}
