/** Words after which a phrase says where or which, not what. */
const AFTER_HEAD =
  /\b(?:on|in|at|of|with|without|near|by|from|to|under|over|above|below|behind|beside|between|next|left|right|inside|outside|that|which|who|whose|wearing|holding|standing|sitting|facing|closest|nearest|farthest)\b/
const MANY =
  /\b(?:all|both|two|three|four|five|six|seven|eight|nine|ten|several|many|few|pair|group|row|people|men|women|children|feet|teeth|mice|sheep|fish|\d+)\b/
/** Words in -s of which there is one all the same. */
const SINGULAR_S = /(?:ss|us|is|lens|bus|gas|canvas|glasses|scissors|trousers|jeans)$/
/** 这个 那只 该… and superlatives name one; 所有 每个 这些 两 … name several. */
const ONE_IN_CHINESE = /^(?:这|那|该|此)(?:一)?[个只辆位条张把台件座块根扇头匹艘架]|^最/
const MANY_IN_CHINESE = /所有|全部|每|这些|那些|们|[两二三四五六七八九十几多]\S?[个只辆位条张把台件]/

/**
 * Whether a phrase speaks of exactly one thing: "the red valve", not "the red valves" or "a valve". With
 * several boxes such a phrase has no right answer, and a model learns to guess.
 */
export function claimsOne(text: string): boolean {
  const words = text.normalize('NFKC').trim().toLowerCase()
  if (ONE_IN_CHINESE.test(words)) return !MANY_IN_CHINESE.test(words)
  const after = /^(?:the|this|that)\s+(.+)$/.exec(words)?.[1]
  if (after === undefined || MANY.test(after)) return false
  // "the left valve": a place before the thing belongs to it.
  const [first = '', ...rest] = after.split(/\s+/)
  const cut = rest.findIndex((word) => AFTER_HEAD.test(word))
  const head = (cut === -1 ? rest.at(-1) : rest[cut - 1]) ?? first
  return !/[a-z]s$/.test(head) || SINGULAR_S.test(head)
}
