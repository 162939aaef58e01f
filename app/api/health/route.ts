import { health } from '../../../server/health.ts'
import { errorResponse } from '../../../server/http/error-response.ts'
import { studio } from '../../../server/studio.ts'

export const runtime = 'nodejs'
export const dynamic = 'force-dynamic'

export async function GET(): Promise<Response> {
  try {
    return Response.json(await health((await studio()).db), { headers: { 'cache-control': 'no-store' } })
  } catch (error) {
    return errorResponse(error)
  }
}
