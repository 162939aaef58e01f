import type { Version } from './read-version.ts'
import { datasetName } from './write-annotations.ts'

/** README.txt of an export: what is in the folder, how it was made, how to train on it. */
export function datasetCard(version: Version): string {
  const { stats, options, createdAt } = version
  const { style, language, fence, negatives, negativeAnswer } = options.conversation
  const name = datasetName(version)
  const heldOut =
    stats.images.val > 0 ? '\n  meta_val.json          the same for the images that are held out' : ''
  const test = stats.images.test > 0 ? '\n  meta_test.json         the same for the test images' : ''
  const form =
    style === 'referring'
      ? 'one question and one answer per expression, all of an image in one record'
      : `one question per image; the answer lists every class${fence ? ' in a fenced block' : ''}`
  return `${version.project.name}, version ${version.number}${version.name ? ` (${version.name})` : ''}
${'='.repeat(40)}
hash     ${version.hash}
frozen   ${createdAt.toISOString()}
images   ${stats.images.train} train, ${stats.images.val} val, ${stats.images.test} test
content  ${stats.expressions} expressions, ${stats.boxes} boxes, ${stats.negatives} stated negatives${
    stats.conversations > 0 ? `, ${stats.conversations} plain conversations` : ''
  }

Files
  meta.json              what --meta_path takes: the training set${heldOut}${test}
  ${name}_*.jsonl        one record a line: id, image, width, height, conversations
  images/                the pictures, orientation already applied

All paths are relative. Start the training script in this folder, or export with absolute paths
(refbox export --absolute) to start it elsewhere:

  cd THIS_FOLDER
  torchrun … internvl_chat_finetune.py --meta_path meta.json …

Coordinates
  [[x1, y1, x2, y2], ...] are integers 0..1000: round(pixel / size * 1000) per axis on the original
  picture, ties to the even integer (Python's round). All boxes of an expression stand in one list.

Conversations
  form       ${form}
  language   ${language === 'zh' ? 'Chinese' : 'English'}
  negatives  ${negatives ? `asked as a question of their own${negativeAnswer ? `, answered “${negativeAnswer}”` : ''}` : 'left out'}
  split      images without a split of their own: ${Math.round(options.validationShare * 100)} % validation by a hash of the picture, seed ${options.seed}

Classes (boxes, images)
${stats.labels.map(({ text, boxes, images }) => `  ${text}: ${boxes}, ${images}`).join('\n') || '  none; this set has phrases only'}
`
}
