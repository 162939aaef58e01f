import { open } from 'node:fs/promises'
import { z } from 'zod'
import { StudioError } from '../errors.ts'

const Offset = z.number().int().min(0)
/** Name, type, shape and place of the tensors in a file; the numbers themselves are not read. */
const Tensor = z.object({
  dtype: z.string(),
  shape: z.array(z.number().int().min(0)),
  /** First byte and the byte behind the last, counted from the end of the header. */
  data_offsets: z.tuple([Offset, Offset]),
})
const Header = z.record(z.string(), Tensor.or(z.record(z.string(), z.string())))

export interface TensorInfo {
  name: string
  shape: number[]
  parameters: number
}

/** The format's own limit (safetensors 0.4: 100 MB); a longer one is no header. */
const MAX_HEADER_BYTES = 100_000_000

/**
 * Reads the header of a .safetensors file: 8 bytes little-endian length, then JSON.
 * @throws StudioError BAD_FILE when it is none
 */
export async function readSafetensorsHeader(file: string): Promise<TensorInfo[]> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const prefix = Buffer.alloc(8)
    await handle.read(prefix, 0, 8, 0)
    const length = Number(prefix.readBigUInt64LE())
    if (size < 8 || length > MAX_HEADER_BYTES || length + 8 > size) throw badHeader(file)
    const text = Buffer.alloc(length)
    await handle.read(text, 0, length, 8)
    return parseHeader(file, text.toString('utf8'), size - length - 8)
  } finally {
    await handle.close()
  }
}

/** @param bytes how many follow the header; a copy that was broken off has fewer than the tensors need */
function parseHeader(file: string, text: string, bytes: number): TensorInfo[] {
  let header: z.infer<typeof Header>
  try {
    header = Header.parse(JSON.parse(text))
  } catch {
    throw badHeader(file)
  }
  const tensors = Object.entries(header).flatMap(([name, entry]) => {
    const tensor = Tensor.safeParse(entry)
    return tensor.success ? [{ name, ...tensor.data }] : []
  })
  const needed = tensors.reduce((most, { data_offsets: [, end] }) => Math.max(most, end), 0)
  if (needed > bytes) {
    throw new StudioError('BAD_FILE', {
      message: `${file} is cut off: ${needed - bytes} of ${needed} bytes of weights are missing. Copy it again.`,
    })
  }
  return tensors.map(({ name, shape }) => ({ name, shape, parameters: shape.reduce((a, b) => a * b, 1) }))
}

function badHeader(file: string): StudioError {
  return new StudioError('BAD_FILE', {
    message: `${file} is not a safetensors file, or it is cut off. Copy it again from its source.`,
  })
}
