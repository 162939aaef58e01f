/** A way to add a model; its button stands in the dialog around it. */
export interface ModelFormProps {
  /** Of the form, for the button. */
  id: string
  onDone: () => void
  onBusy: (busy: boolean) => void
}
