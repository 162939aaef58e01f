import type { PromptLanguage } from '../contracts/project.ts'

/** Stands in a template for the expression. */
const SLOT = '{}'

/** Goes before the first human turn of a record with one image, and nowhere else. */
export const IMAGE_PREFIX = '<image>\n'

interface Prompts {
  /** One expression; `{}` stands for it. */
  referring: string
  /** Everything on the image at once. */
  detection: string
  /** First sentence of the answer to `detection`. */
  detectionAnswer: string
  /** Answer for an expression that is not on the image; `{}` stands for it. */
  negative: string
}

/**
 * The English ones are the sentences InternVL's own grounding data and evaluation use (singular
 * "coordinate" included); the model knows them, so tuning starts from them.
 */
export const PROMPTS: Record<PromptLanguage, Prompts> = {
  en: {
    referring:
      'Please provide the bounding box coordinate of the region this sentence describes: <ref>{}</ref>',
    detection: 'Please detect and label all objects in the following image and mark their positions.',
    detectionAnswer: 'Sure, I will detect and label all objects in the image and mark their positions.',
    negative: 'There is no <ref>{}</ref> in this image.',
  },
  zh: {
    referring: '请提供以下描述所对应区域的边界框坐标：<ref>{}</ref>',
    detection: '请检测并标注下图中的所有物体，并标出它们的位置。',
    detectionAnswer: '好的，我将检测并标注图中的所有物体，并标出它们的位置。',
    negative: '图中没有<ref>{}</ref>。',
  },
}

/** Puts an expression into every slot of a template, whatever characters it has. */
export function fillPrompt(template: string, expression: string): string {
  return template.split(SLOT).join(expression)
}

/** The question for one expression, as it stands in training data and as prediction asks it. */
export function referringQuestion(expression: string, language: PromptLanguage): string {
  return fillPrompt(PROMPTS[language].referring, expression)
}

/** @param template a project's own answer; null = the language's */
export function negativeAnswer(
  expression: string,
  language: PromptLanguage,
  template: string | null = null,
): string {
  return fillPrompt(template ?? PROMPTS[language].negative, expression)
}
