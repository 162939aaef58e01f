import { requireOwned } from '../../../../../../../server/auth/resource.ts'
import { sessionUser } from '../../../../../../../server/auth/session-user.ts'
import { ArtefactKind } from '../../../../../../../server/contracts/artefact.ts'
import { StudioError } from '../../../../../../../server/errors.ts'
import { errorResponse } from '../../../../../../../server/http/error-response.ts'
import { artefactFile, artefactZip } from '../../../../../../../server/runs/artefact-response.ts'
import { openArtefact } from '../../../../../../../server/runs/open-artefact.ts'
import { studio } from '../../../../../../../server/studio.ts'

export const runtime = 'nodejs'
export const dynamic = 'force-dynamic'

interface Parameters {
  params: Promise<{ runId: string; kind: string; file?: string[] }>
}

/** `…/merged/model.safetensors` gives one file with byte ranges, `…/merged?zip=1` all of them. */
export async function GET(request: Request, { params }: Parameters): Promise<Response> {
  try {
    const { runId, kind, file } = await params
    const viewer = await sessionUser(request.headers)
    if (!viewer) throw new StudioError('UNAUTHENTICATED', { message: 'Sign in first.' })
    const opened = await studio()
    await requireOwned(opened.db, viewer, 'run', runId, 'artefacts.download')
    const known = ArtefactKind.safeParse(kind)
    if (!known.success) {
      throw new StudioError('NOT_FOUND', { message: `Artefacts are ${ArtefactKind.options.join(', ')}.` })
    }
    const artefact = await openArtefact(opened, runId, known.data)
    if (file) return await artefactFile(request, artefact, file.join('/'))
    if (new URL(request.url).searchParams.get('zip') === '1') return artefactZip(request, artefact)
    return await artefactFile(request, artefact, 'manifest.json')
  } catch (error) {
    return errorResponse(error)
  }
}

export { GET as HEAD }
