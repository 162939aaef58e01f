import type { BaseModelInfo } from '../contracts/run.ts'
import type { RunConfig } from '../contracts/run-config.ts'
import type { VersionRecord } from '../contracts/version.ts'
import type { DataPaths } from '../storage/paths.ts'
import { versionRecords } from '../versions/read-version.ts'
import { tileCount } from './tile-count.ts'

/** What an estimate needs to know about a frozen data set and a base. */
export interface DatasetFacts {
  samples: number
  valSamples: number
  /** Means over the training samples. */
  tokens: number
  tiles: number
  /** Training samples that are longer than `max_length`. */
  tooLong: number
}

/** Records that are looked at closely; the rest is assumed to be alike. */
const LOOKED_AT = 2_000
// Counted on the published records with the Qwen2 tokenizer: system prompt and frame, the referring
// question and answer without the phrase, and one box (each digit is a token of its own).
const FRAME_TOKENS = 45
const TURN_TOKENS = 40
const BOX_TOKENS = 20
const CHARACTERS_PER_TOKEN = 3.5

/**
 * Reads a version's content once. Only records that become samples count: with an expression, or plain turns.
 * @throws StudioError NOT_FOUND when the data folder has lost the content
 */
export async function datasetFacts(
  paths: DataPaths,
  contentSha256: string,
  info: BaseModelInfo,
  sequence: Pick<
    RunConfig['sequence'],
    'max_dynamic_patch' | 'min_dynamic_patch' | 'use_thumbnail' | 'max_length'
  >,
): Promise<DatasetFacts> {
  const count = { samples: 0, valSamples: 0, tokens: 0, tiles: 0, tooLong: 0, lookedAt: 0 }
  for await (const record of versionRecords(paths, contentSha256)) {
    if (record.kind === 'image' && record.expressions.length === 0) continue
    if (record.split === 'val') count.valSamples += 1
    if (record.split !== 'train') continue
    count.samples += 1
    if (count.lookedAt === LOOKED_AT) continue
    count.lookedAt += 1
    const tiles = record.kind === 'image' ? tileCount(record, info.imageSize, sequence) : record.images.length
    const tokens = tiles * info.tokensPerTile + textTokens(record)
    count.tiles += tiles
    count.tokens += tokens
    if (tokens > sequence.max_length) count.tooLong += 1
  }
  const lookedAt = Math.max(1, count.lookedAt)
  return {
    samples: count.samples,
    valSamples: count.valSamples,
    tokens: count.tokens / lookedAt,
    tiles: count.tiles / lookedAt,
    tooLong: Math.round((count.tooLong / lookedAt) * count.samples),
  }
}

function textTokens(record: VersionRecord): number {
  if (record.kind === 'conversation') {
    const characters = record.turns.reduce((sum, turn) => sum + turn.value.length, 0)
    return FRAME_TOKENS + characters / CHARACTERS_PER_TOKEN
  }
  return record.expressions.reduce(
    // The phrase stands in the question and in the answer.
    (sum, { text, boxes }) =>
      sum + TURN_TOKENS + (2 * text.length) / CHARACTERS_PER_TOKEN + boxes.length * BOX_TOKENS,
    FRAME_TOKENS,
  )
}
