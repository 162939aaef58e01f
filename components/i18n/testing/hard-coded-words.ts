import ts from 'typescript'

/** Attributes whose value a person reads or hears. */
const SPOKEN = new Set([
  'alt',
  'aria-description',
  'aria-label',
  'aria-placeholder',
  'aria-roledescription',
  'aria-valuetext',
  'confirmLabel',
  'content',
  'description',
  'emptyText',
  'hint',
  'label',
  'placeholder',
  'title',
])

/** Commands and keys are the same in every language. */
const CODE = new Set(['code', 'kbd', 'pre', 'samp'])

/** Calls whose first argument is shown as it is. */
const SHOWN = /^toast(\.\w+)?$|^(window\.)?(alert|confirm|prompt)$/

export interface HardCoded {
  line: number
  words: string
}

/** Words in a page's own source that should be in the catalogues: a letter of any script counts. */
export function hardCodedWords(file: string, text: string): HardCoded[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const found: HardCoded[] = []
  const check = (node: ts.Node, words: string) => {
    if (!/\p{L}/u.test(words)) return
    found.push({ line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, words: words.trim() })
  }
  const checkLiterals = (node: ts.Node) => {
    for (const literal of shownLiterals(node)) check(literal, literalText(literal))
  }
  const visit = (node: ts.Node): void => {
    if (ts.isJsxElement(node) && CODE.has(node.openingElement.tagName.getText())) return
    if (ts.isJsxText(node)) check(node, node.text)
    else if (ts.isJsxAttribute(node) && SPOKEN.has(node.name.getText()) && node.initializer) {
      checkLiterals(node.initializer)
    } else if (ts.isJsxExpression(node) && isChild(node) && node.expression) checkLiterals(node.expression)
    else if (ts.isCallExpression(node) && SHOWN.test(node.expression.getText()) && node.arguments[0]) {
      checkLiterals(node.arguments[0])
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function isChild(node: ts.JsxExpression): boolean {
  return ts.isJsxElement(node.parent) || ts.isJsxFragment(node.parent)
}

/** The literals an expression may come to; calls (translations) and elements are not looked into. */
function shownLiterals(node: ts.Node): ts.Node[] {
  if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) return [node]
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].flatMap(shownLiterals)
  if (ts.isParenthesizedExpression(node)) return shownLiterals(node.expression)
  if (ts.isJsxExpression(node)) return node.expression ? shownLiterals(node.expression) : []
  if (ts.isBinaryExpression(node)) return shownLiterals(node.right)
  return []
}

function literalText(node: ts.Node): string {
  if (ts.isStringLiteralLike(node)) return node.text
  if (!ts.isTemplateExpression(node)) return ''
  return [node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join(' ')
}
