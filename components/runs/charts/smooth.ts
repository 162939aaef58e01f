/**
 * Exponential moving average with bias correction: a point is the weighted mean of all before it, the
 * newest weighing most. Without the correction the first points would lean towards zero.
 * @param weight 0 = as it is, towards 1 = smoother
 */
export function smooth(values: readonly number[], weight: number): number[] {
  let average = 0
  let power = 1
  return values.map((value) => {
    average = weight * average + (1 - weight) * value
    power *= weight
    return average / (1 - power)
  })
}
