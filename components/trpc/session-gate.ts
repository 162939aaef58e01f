/**
 * What happens when the session ends while somebody works: requests that were refused wait here, the
 * sign-in dialog opens, and after it they are sent again. Nobody loses what they were doing.
 */
type Listener = () => void

let expired = false
let signIns = 0
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

  /** How many times somebody has signed in again: what is loaded by address (pictures) is loaded anew then. */
  countSignIns(): number {
    return signIns
  },

  settle(signedIn: boolean): void {
    if (signedIn) signIns += 1
    const answers = waiting
    waiting = []
    announce(false)
    for (const resolve of answers) resolve(signedIn)
  },
}
