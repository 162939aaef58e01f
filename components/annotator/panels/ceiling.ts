/** Below this the rounding alone takes a quarter of the match away: the box is too small for the model. */
export const LOW_CEILING = 0.75
