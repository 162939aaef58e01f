/**
 * What happens when the session ends while somebody works: requests that were refused wait here, the
 * sign-in dialog opens, and after it they are sent again. Nobody loses what they were doing.
 */
type Listener = () => void

let expired = false
let waiting: ((signedIn: boolean) => void)[] = []
const listeners = new Set<Listener>()

function announce(next: boolean): void {
  expired = next
  for (const listener of listeners) listener()
}

export const sessionGate = {
  subscribe(listener: Listener): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },

  isExpired(): boolean {
    return expired
  },

  /** Opens the dialog. Resolves true after a sign-in, false when the person closed the dialog. */
  waitForSignIn(): Promise<boolean> {
    const answer = new Promise<boolean>((resolve) => waiting.push(resolve))
    announce(true)
    return answer
  },

  settle(signedIn: boolean): void {
    const answers = waiting
    waiting = []
    announce(false)
    for (const resolve of answers) resolve(signedIn)
  },
}
