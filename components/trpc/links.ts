/**
 * Context of a request that goes by itself. Others travel together and are answered together, so that the fastest
 * waits for the slowest.
 */
export const ALONE = { alone: true }
