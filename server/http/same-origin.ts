import { StudioError } from '../errors.ts'

const READS: readonly string[] = ['GET', 'HEAD', 'OPTIONS']

/**
 * Refuses a write that another site's page may have sent with this person's cookie. Browsers say where a
 * request comes from in Sec-Fetch-Site (not over plain HTTP to another machine) and in Origin, and pages
 * cannot forge either. A client that sends neither is no browser, and is asked to say so with Origin.
 * @throws StudioError FORBIDDEN
 */
export function requireSameOrigin(request: Request): void {
  if (READS.includes(request.method) || isSameOrigin(request.headers)) return
  throw new StudioError('FORBIDDEN', {
    message: 'This request did not come from a page of the studio. Open the studio itself and try again.',
    details: { reason: 'foreignPage' },
  })
}

function isSameOrigin(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site')
  if (site) return site === 'same-origin'
  const origin = headers.get('origin')
  const host = headers.get('host')
  return origin !== null && host !== null && URL.canParse(origin) && new URL(origin).host === host
}
