/** Lets one loop sleep until something rings or the time is over. A ring while it is awake is not lost. */
export class Bell {
  private rung = false
  private wake: (() => void) | undefined

  /** May be called from anywhere, also before anybody waits. */
  ring(): void {
    this.rung = true
    this.wake?.()
  }

  async wait(milliseconds: number): Promise<void> {
    if (!this.rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds)
        this.wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      this.wake = undefined
    }
    this.rung = false
  }
}
