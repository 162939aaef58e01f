import { Readable } from 'node:stream'
import { requireOwned } from '../../../../../server/auth/resource.ts'
import { fileRoute } from '../../../../../server/http/file-route.ts'
import { contentDisposition } from '../../../../../server/storage/file-response.ts'
import { exportVersion } from '../../../../../server/versions/export-version.ts'

/** Streams a frozen version as a zip: annotations, meta files, pictures and a card that explains them. */
export const GET = fileRoute<{ versionId: string }>(async ({ request, params, studio, viewer }) => {
  await requireOwned(studio.db, viewer, 'datasetVersion', params.versionId, 'dataset.export')
  const { fileName, stream } = await exportVersion(studio, params.versionId)
  request.signal.addEventListener('abort', () => stream.destroy(), { once: true })
  return new Response(Readable.toWeb(stream) as ReadableStream<Uint8Array>, {
    headers: {
      'content-type': 'application/zip',
      'content-disposition': contentDisposition(fileName, true),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
})
