import { requireAccess } from '../../../../../server/auth/access.ts'
import { UploadQuery } from '../../../../../server/contracts/image.ts'
import { fileRoute } from '../../../../../server/http/file-route.ts'
import { jsonLines } from '../../../../../server/http/json-lines.ts'
import { receiveUpload } from '../../../../../server/images/receive-upload.ts'

export const runtime = 'nodejs'

export const POST = fileRoute<{ projectId: string }>(async ({ request, params, studio, viewer }) => {
  await requireAccess(studio.db, viewer, params.projectId, 'images.import')
  const { name } = UploadQuery.parse(Object.fromEntries(new URL(request.url).searchParams))
  const body: AsyncIterable<Uint8Array> = request.body ?? new ReadableStream({ start: (c) => c.close() })
  return jsonLines(receiveUpload(studio, params.projectId, name, body))
})
