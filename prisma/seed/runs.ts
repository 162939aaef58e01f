import sharp from 'sharp'
import type { Viewer } from '../../server/auth/viewer.ts'
import { BaseModelId, ProjectId, VersionId } from '../../server/contracts/ids.ts'
import { StartRun } from '../../server/contracts/run.ts'
import { VersionOptions } from '../../server/contracts/version.ts'
import { newId } from '../../server/db/ids.ts'
import { register } from '../../server/models/register-models.ts'
import { startRun } from '../../server/runs/start-run.ts'
import { putBlob } from '../../server/storage/blobs.ts'
import type { Studio } from '../../server/studio.ts'
import { freezeVersion } from '../../server/versions/freeze-version.ts'
import { aBox, anExpression, seedAnnotations } from './annotations.ts'

const SIDE = 128
const BOX = 40

/** A picture of one red square on grey, annotated as "red square"; each is another picture. */
async function seedSquare(studio: Studio, projectId: string, number: number, split: 'train' | 'val') {
  const place = { left: (number * 13) % (SIDE - BOX), top: (number * 29) % (SIDE - BOX) }
  const square = { create: { width: BOX, height: BOX, channels: 3 as const, background: '#d00000' } }
  const background = { r: 120 + (number % 100), g: 128, b: 128 }
  const bytes = await sharp({ create: { width: SIDE, height: SIDE, channels: 3, background } })
    .composite([{ input: await sharp(square).png().toBuffer(), ...place }])
    .png()
    .toBuffer()
  const { sha256 } = await putBlob(studio.paths, bytes)
  const id = newId('img')
  await studio.db.image.create({
    data: {
      id,
      projectId,
      sha256,
      fileName: `square_${number}.png`,
      mediaType: 'image/png',
      bytes: bytes.byteLength,
      width: SIDE,
      height: SIDE,
      baking: {
        format: 'png',
        orientation: false,
        colour: false,
        alpha: false,
        depth: false,
        container: false,
      },
      origin: 'upload',
      split,
      position: number,
    },
  })
  const expression = anExpression({ text: 'red square' })
  const box = aBox([expression], { x: place.left, y: place.top, width: BOX, height: BOX })
  await seedAnnotations(studio, id, { expressions: [expression], boxes: [box] })
}

/** A frozen version with so many pictures. */
export async function seedVersion(
  studio: Studio,
  owner: Viewer,
  projectId: string,
  { train = 6, val = 2 }: { train?: number; val?: number } = {},
): Promise<string> {
  for (let number = 0; number < train + val; number += 1) {
    await seedSquare(studio, projectId, number, number < train ? 'train' : 'val')
  }
  const options = VersionOptions.parse({ conversation: {}, validationShare: 0 })
  const version = await freezeVersion(studio, owner.id, {
    projectId: ProjectId.parse(projectId),
    name: '',
    options,
  })
  return version.id
}

/** A run in the queue, started by the rule that the page uses, from the base model in `modelFolder`. */
export async function seedRun(
  studio: Studio,
  owner: Viewer,
  projectId: string,
  options: { modelFolder: string; versionId: string } & Partial<Omit<StartRun, 'versionId'>>,
): Promise<string> {
  const { modelFolder, versionId, ...input } = options
  const baseModelId = await register(studio, { folder: modelFolder, stored: modelFolder, source: 'folder' })
  const start = StartRun.parse({
    preset: 'lora',
    ...input,
    projectId,
    versionId: VersionId.parse(versionId),
    baseModelId: BaseModelId.parse(baseModelId),
  })
  return startRun(studio, start, owner.id)
}
