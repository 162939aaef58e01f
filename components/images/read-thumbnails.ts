/** Takes the answer of the route of many thumbnails apart: position and bytes; none = the picture is lost. */
export function* readThumbnails(
  pack: ArrayBuffer,
): Generator<readonly [position: number, bytes: Uint8Array<ArrayBuffer>]> {
  const view = new DataView(pack)
  for (let at = 0; at < pack.byteLength; ) {
    const length = view.getUint32(at + 4)
    yield [view.getUint32(at), new Uint8Array(pack, at + 8, length)]
    at += 8 + length
  }
}
