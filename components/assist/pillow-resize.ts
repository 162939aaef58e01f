/**
 * Pillow's bicubic resize with antialiasing, bit for bit. Models were trained on Pillow's pixels, and a
 * canvas resamples differently, which moves boxes. The arithmetic is that of Pillow's Resample.c: weights
 * in doubles, then fixed-point with 22 fractional bits; first all rows, then all columns, each pass
 * rounded and clipped to 8 bits.
 */

/** 8-bit RGB without padding, row by row: pixel (x, y) starts at (y * width + x) * 3. */
export interface RgbImage {
  width: number
  height: number
  data: Uint8Array<ArrayBuffer>
}

const CHANNELS = 3
/** 32 bits minus 8 for the pixel and 2 for the sum of negative and positive weights. */
const PRECISION_BITS = 32 - 8 - 2
const HALF = 1 << (PRECISION_BITS - 1)
const BICUBIC_SUPPORT = 2
const BICUBIC_A = -0.5

/** For one axis: which source pixels each target pixel reads, and with which fixed-point weights. */
interface Kernel {
  /** Weights of target i lie at i * taps. */
  taps: number
  first: Int32Array
  count: Int32Array
  weights: Int32Array
}

/** @returns a new image; the same pixels when the size is already right, as Pillow does */
export function resizeBicubic(image: RgbImage, width: number, height: number): RgbImage {
  if (width < 1 || height < 1) throw new RangeError(`Cannot resize to ${width}x${height} pixels.`)
  const rows = width === image.width ? image : resizeRows(image, kernel(image.width, width), width)
  if (height !== rows.height) return resizeColumns(rows, kernel(rows.height, height), height)
  return rows === image ? { ...image, data: image.data.slice() } : rows
}

function kernel(from: number, to: number): Kernel {
  const scale = from / to
  const filterScale = Math.max(scale, 1)
  const support = BICUBIC_SUPPORT * filterScale
  const taps = Math.ceil(support) * 2 + 1
  const first = new Int32Array(to)
  const count = new Int32Array(to)
  const weights = new Int32Array(to * taps)
  const exact = new Float64Array(taps)
  for (let target = 0; target < to; target += 1) {
    const centre = (target + 0.5) * scale
    const low = Math.max(0, Math.trunc(centre - support + 0.5))
    const high = Math.min(from, Math.trunc(centre + support + 0.5))
    let total = 0
    for (let tap = 0; tap < high - low; tap += 1) {
      const weight = bicubic((tap + low - centre + 0.5) * (1 / filterScale))
      exact[tap] = weight
      total += weight
    }
    for (let tap = 0; tap < high - low; tap += 1) {
      weights[target * taps + tap] = fixedPoint((exact[tap] ?? 0) / (total === 0 ? 1 : total))
    }
    first[target] = low
    count[target] = high - low
  }
  return { taps, first, count, weights }
}

function bicubic(distance: number): number {
  const x = Math.abs(distance)
  if (x < 1) return ((BICUBIC_A + 2) * x - (BICUBIC_A + 3)) * x * x + 1
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * BICUBIC_A
  return 0
}

/** C's cast truncates, so halves are added away from zero first. */
function fixedPoint(weight: number): number {
  return Math.trunc(weight * (1 << PRECISION_BITS) + (weight < 0 ? -0.5 : 0.5))
}

function clip8(sum: number): number {
  return Math.max(0, Math.min(255, sum >> PRECISION_BITS))
}

function resizeRows(image: RgbImage, { taps, first, count, weights }: Kernel, width: number): RgbImage {
  const { data: source, height } = image
  const data = new Uint8Array(width * height * CHANNELS)
  for (let y = 0, out = 0; y < height; y += 1) {
    const row = y * image.width * CHANNELS
    for (let x = 0; x < width; x += 1, out += CHANNELS) {
      const end = x * taps + (count[x] as number)
      let at = row + (first[x] as number) * CHANNELS
      let red = HALF
      let green = HALF
      let blue = HALF
      for (let tap = x * taps; tap < end; tap += 1, at += CHANNELS) {
        const weight = weights[tap] as number
        red += (source[at] as number) * weight
        green += (source[at + 1] as number) * weight
        blue += (source[at + 2] as number) * weight
      }
      data[out] = clip8(red)
      data[out + 1] = clip8(green)
      data[out + 2] = clip8(blue)
    }
  }
  return { width, height, data }
}

function resizeColumns(image: RgbImage, { taps, first, count, weights }: Kernel, height: number): RgbImage {
  const { data: source, width } = image
  const stride = width * CHANNELS
  const data = new Uint8Array(stride * height)
  const sums = new Int32Array(stride)
  for (let y = 0; y < height; y += 1) {
    sums.fill(HALF)
    for (let tap = 0; tap < (count[y] as number); tap += 1) {
      const weight = weights[y * taps + tap] as number
      const row = ((first[y] as number) + tap) * stride
      for (let i = 0; i < stride; i += 1) sums[i] = (sums[i] as number) + (source[row + i] as number) * weight
    }
    for (let i = 0; i < stride; i += 1) data[y * stride + i] = clip8(sums[i] as number)
  }
  return { width, height, data }
}
