import { randomUUID } from 'node:crypto'
import { aBox, anExpression, creationOf } from '../../prisma/seed/annotations.ts'
import type { World } from '../../prisma/seed/world.ts'
import type { Permission } from '../contracts/roles.ts'

/**
 * Who may call what. One line for each procedure and each file route; a new one without a line here fails
 * `authorization.test.ts`. The input is one that works, about the things of `world`.
 */
export interface Expectation {
  /** anyone: no session needed · signedIn: every account · studioOwner · or what the role must allow. */
  who: 'anyone' | 'signedIn' | 'studioOwner' | Permission
  input?: (world: World) => unknown
  /** Takes long, or uses something up that the next caller would need: tried by one allowed person only. */
  once?: boolean
  /** So long that only its own test does it; here it is only refused. */
  refusalsOnly?: boolean
}

const project = ({ projectId }: World) => ({ projectId })
const image = ({ imageId }: World) => ({ imageId })
const images = ({ projectId, imageId }: World) => ({ projectId, imageIds: [imageId] })
const thread = ({ imageId, threadId }: World) => ({ imageId, threadId })
const version = ({ versionId }: World) => ({ versionId })
const run = ({ runId }: World) => ({ runId })
const freeze = ({ projectId }: World) => ({ projectId, name: '', options: { conversation: {} } })
const start = ({ projectId, versionId, baseModelId }: World) => ({
  projectId,
  versionId,
  baseModelId,
  preset: 'lora',
})
const prelabelTask = ({ projectId }: World) => ({ projectId, taskId: 't_none' })
const label = ({ projectId, labelId }: World) => ({ projectId, labelId })
const bulkEdit = ({ projectId }: World) => ({ projectId, editId: 'be_none' })
const replacement = ({ projectId }: World) => ({
  projectId,
  search: { find: 'nothing like it', replace: '' },
  expected: { lines: 0, images: 0, boxes: 0 },
})
const fetchTask = () => ({ taskId: 't_none' })
const drawing = ({ projectId }: World) => ({ projectId, sources: [], options: { random: 1 } })
const target = ({ projectId, people }: World) => ({ projectId, userId: people.viewer.id })

function oneBox({ imageId }: World) {
  const expression = anExpression()
  const document = { expressions: [expression], boxes: [aBox([expression], { width: 9, height: 9 })] }
  return { imageId, operationId: randomUUID(), changes: creationOf(document) }
}

function anAnswer({ heldOutImageId: imageId }: World) {
  return { imageId, prompt: 'Where?', text: '', tokens: 0, milliseconds: 1 }
}

export const PROCEDURES: Record<string, Expectation> = {
  'annotations.catchUp': { who: 'project.read', input: (world) => ({ ...image(world), after: 0 }) },
  'annotations.changes': { who: 'project.read', input: (world) => ({ ...image(world), from: 0, to: null }) },
  'annotations.history': { who: 'project.read', input: image },
  'annotations.live': {
    who: 'project.read',
    input: (world) => ({ ...image(world), after: 0, tab: 'tab-of-test' }),
  },
  'annotations.present': {
    who: 'project.read',
    input: (world) => ({ ...image(world), tab: 'tab-of-test', present: true }),
  },
  'annotations.markDone': { who: 'annotations.write', input: (world) => ({ ...image(world), done: true }) },
  'annotations.open': { who: 'project.read', input: image },
  'annotations.save': { who: 'annotations.write', input: oneBox },
  'annotations.setNote': {
    who: 'annotations.write',
    input: (world) => ({ ...image(world), before: '', after: 'Is this one upside down?' }),
  },

  'attributes.delete': {
    who: 'project.manage',
    input: (world) => ({ ...project(world), id: 'at_none', values: 'keep' }),
    refusalsOnly: true,
  },
  'attributes.list': { who: 'project.read', input: project },
  'attributes.order': { who: 'project.manage', input: (world) => ({ ...project(world), ids: [] }) },
  'attributes.save': {
    who: 'project.manage',
    input: (world) => ({
      ...project(world),
      ...{ id: null, name: `attribute ${randomUUID()}`, rule: { kind: 'text' } },
    }),
  },
  'attributes.usage': { who: 'project.read', input: project },

  'auth.state': { who: 'anyone' },
  'auth.createOwner': {
    who: 'anyone',
    input: () => ({ name: 'Eve', email: 'eve@example.org', password: 'a long password' }),
  },

  'charts.cancel': { who: 'project.manage', input: project },
  'charts.draw': { who: 'project.manage', input: drawing, refusalsOnly: true },
  'charts.drawing': { who: 'project.read', input: project },
  'charts.preview': { who: 'signedIn', input: () => ({ sources: [], options: { random: 1 } }) },

  'comments.answer': { who: 'annotations.write', input: (world) => ({ ...thread(world), text: 'Yes.' }) },
  'comments.delete': {
    who: 'annotations.write',
    // Somebody else's: nobody here may delete it, which has its own test.
    input: (world) => ({ ...image(world), commentId: world.threadId }),
    refusalsOnly: true,
  },
  'comments.list': { who: 'project.read', input: image },
  'comments.resolve': { who: 'annotations.write', input: (world) => ({ ...thread(world), resolved: true }) },
  'comments.start': {
    who: 'annotations.write',
    input: (world) => ({ ...image(world), point: { x: 1, y: 1 }, text: 'What is this?' }),
  },

  'images.assign': {
    who: 'images.assign',
    input: ({ projectId, people }) => ({ projectId, images: { filter: {} }, userIds: [people.annotator.id] }),
  },
  'images.byId': { who: 'project.read', input: image },
  'images.cards': {
    who: 'project.read',
    input: ({ projectId }) => ({ projectId, positions: '1-3' }),
  },
  'images.counts': { who: 'project.read', input: project },
  'images.delete': { who: 'images.delete', input: images },
  'images.list': { who: 'project.read', input: project },
  'images.place': { who: 'project.read', input: image },
  'images.positions': { who: 'project.read', input: project },
  'images.setSplit': { who: 'project.manage', input: (world) => ({ ...images(world), split: 'val' }) },
  'images.setStatus': { who: 'annotations.write', input: (world) => ({ ...images(world), status: 'done' }) },

  'labels.delete': {
    who: 'project.manage',
    input: (world) => ({ ...label(world), boxes: { what: 'delete' } }),
    once: true,
  },
  'labels.edits': { who: 'project.read', input: project },
  'labels.list': { who: 'project.read', input: project },
  'labels.merge': {
    who: 'project.manage',
    // Two that are one: refused by the rule, after the door has let in whom it lets in.
    input: (world) => ({ ...label(world), intoId: world.labelId }),
    refusalsOnly: true,
  },
  'labels.order': { who: 'project.manage', input: (world) => ({ ...project(world), ids: [] }) },
  'labels.previewReplace': {
    who: 'project.manage',
    input: (world) => ({ ...project(world), search: { find: 'nothing like it', replace: '' } }),
  },
  'labels.rename': {
    who: 'project.manage',
    input: (world) => ({ ...label(world), name: 'unused' }),
  },
  'labels.replace': { who: 'project.manage', input: replacement, refusalsOnly: true },
  'labels.stopEdit': { who: 'project.manage', input: bulkEdit, refusalsOnly: true },
  'labels.undoEdit': { who: 'project.manage', input: bulkEdit, refusalsOnly: true },
  'labels.usage': { who: 'project.read', input: project },
  'labels.save': { who: 'annotations.write', input: (world) => ({ ...project(world), name: 'pump' }) },

  'members.accept': {
    who: 'anyone',
    input: ({ token }) => ({ token, name: 'Eve', email: 'eve@example.org', password: 'a long password' }),
    once: true,
  },
  'members.changeRole': { who: 'members.manage', input: (world) => ({ ...target(world), role: 'viewer' }) },
  'members.invitation': { who: 'anyone', input: ({ token }) => ({ token }) },
  'members.invite': { who: 'members.manage', input: (world) => ({ ...project(world), role: 'viewer' }) },
  'members.join': { who: 'signedIn', input: ({ token }) => ({ token }), once: true },
  'members.list': { who: 'members.manage', input: project },
  'members.people': { who: 'project.read', input: project },
  'members.remove': { who: 'members.manage', input: target, once: true },
  'members.revoke': {
    who: 'members.manage',
    input: ({ projectId, invitationId }) => ({ projectId, invitationId }),
  },

  'models.add': { who: 'studioOwner', input: ({ modelFolder }) => ({ path: modelFolder }) },
  'models.cancelFetch': { who: 'studioOwner', input: fetchTask, refusalsOnly: true },
  'models.discardFetch': { who: 'studioOwner', input: fetchTask, refusalsOnly: true },
  'models.fetch': { who: 'studioOwner', input: () => ({ repository: 'owner/model' }) },
  'models.fetches': { who: 'studioOwner' },
  'models.list': { who: 'signedIn' },
  'models.remove': { who: 'studioOwner', input: ({ baseModelId }) => ({ id: baseModelId }) },
  'models.scan': { who: 'studioOwner' },

  'predictions.bundles': { who: 'project.read', input: run },
  'predictions.review': { who: 'project.read', input: run },
  'predictions.save': {
    who: 'predictions.write',
    input: (world) => ({ ...run(world), model: 'tuned', backend: 'wasm', answers: [anAnswer(world)] }),
  },

  'projects.byId': { who: 'project.read', input: project },
  'projects.create': { who: 'signedIn', input: () => ({ name: 'Another' }) },
  'projects.delete': { who: 'project.delete', input: project, once: true },
  'projects.list': { who: 'signedIn' },
  'projects.rename': { who: 'project.manage', input: ({ projectId }) => ({ id: projectId, name: 'Pumps' }) },
  'projects.saveSettings': {
    who: 'project.manage',
    input: (world) => ({ ...project(world), settings: { promptLanguage: 'zh' } }),
  },

  'reviews.judge': {
    who: 'annotations.review',
    input: (world) => ({ ...image(world), verdict: 'accepted', revision: 0 }),
  },

  'runs.byId': { who: 'project.read', input: run },
  'runs.delete': { who: 'project.manage', input: run },
  'runs.events': { who: 'project.read', input: run },
  'runs.exportBase': { who: 'predictions.write', input: run },
  // Starts Python; what it answers has a test of its own.
  'runs.forecast': { who: 'runs.start', input: start, refusalsOnly: true },
  'runs.list': { who: 'project.read', input: project },
  'runs.live': { who: 'project.read', input: project },
  'runs.liveLog': { who: 'project.read', input: run },
  'runs.log': { who: 'project.read', input: (world) => ({ ...run(world), end: null }) },
  'runs.machine': { who: 'signedIn' },
  'runs.predict': { who: 'predictions.write', input: (world) => ({ ...run(world), model: 'tuned' }) },
  'runs.preview': { who: 'runs.start', input: start },
  'runs.resume': { who: 'runs.start', input: run },
  'runs.start': { who: 'runs.start', input: start },
  'runs.stop': { who: 'runs.stop', input: (world) => ({ ...run(world), mode: 'save' }) },
  'runs.tasks': { who: 'project.read', input: run },

  'samples.create': { who: 'signedIn', input: () => ({}), refusalsOnly: true },
  'samples.progress': { who: 'signedIn' },

  'suggestions.cancelPrelabel': { who: 'images.prelabel', input: prelabelTask, refusalsOnly: true },
  'suggestions.exportBase': {
    who: 'predictions.write',
    input: (world) => ({ ...project(world), baseModelId: world.baseModelId }),
  },
  'suggestions.judge': {
    who: 'annotations.write',
    input: (world) => ({ ...image(world), ids: ['sg_none'], state: 'rejected' }),
  },
  'suggestions.models': { who: 'project.read', input: project },
  'suggestions.prelabel': {
    who: 'images.prelabel',
    input: (world) => ({
      ...project(world),
      images: { filter: {} },
      model: { kind: 'base', baseModelId: world.baseModelId },
      expressions: [{ kind: 'class', text: 'valve' }],
      onlyMissing: false,
    }),
  },
  'suggestions.prelabels': { who: 'project.read', input: project },
  'suggestions.retryPrelabel': { who: 'images.prelabel', input: prelabelTask, refusalsOnly: true },

  'team.askSecondOpinion': {
    who: 'project.manage',
    input: ({ projectId, people }) => ({
      projectId,
      name: 'Again',
      images: { filter: {} },
      count: 1,
      userId: people.annotator.id,
    }),
  },
  'team.secondOpinions': { who: 'annotations.review', input: project },
  'team.statistics': { who: 'project.read', input: project },

  'versions.byId': { who: 'project.read', input: version },
  'versions.freeze': { who: 'versions.freeze', input: freeze },
  'versions.list': { who: 'project.read', input: project },
  'versions.preview': { who: 'project.read', input: freeze },
  'versions.record': { who: 'project.read', input: (world) => ({ ...version(world), index: 0 }) },
}

export interface RouteExpectation {
  who: Expectation['who']
  params?: (world: World) => Record<string, string | string[]>
  query?: string
  /** For routes whose thing this world does not have: a run without artefacts has none to send. */
  isMissing?: boolean
}

/** By method and folder under app/api, HEAD going with GET. */
export const FILE_ROUTES: Record<string, RouteExpectation> = {
  'GET auth/[...all]': { who: 'anyone', params: () => ({ all: ['ok'] }) },
  'POST auth/[...all]': { who: 'anyone', params: () => ({ all: ['sign-out'] }) },
  'GET health': { who: 'anyone' },
  'GET images/[imageId]': { who: 'project.read', params: image },
  'GET images/[imageId]/thumbnail': { who: 'project.read', params: image },
  'GET projects/[projectId]/thumbnails': { who: 'project.read', params: project, query: '?positions=1-3' },
  // Of a small picture there are none; who may see it is told so.
  'GET images/[imageId]/tiles/[...tile]': {
    who: 'project.read',
    params: (world) => ({ ...image(world), tile: ['overview'] }),
    isMissing: true,
  },
  'GET models/[modelId]/bundle/[...file]': {
    who: 'signedIn',
    params: ({ baseModelId }) => ({ modelId: baseModelId, file: ['manifest.json'] }),
    isMissing: true,
  },
  'POST projects/[projectId]/upload': { who: 'images.import', params: project, query: '?name=a.png' },
  'GET runs/[runId]/artefacts/[kind]/[[...file]]': {
    who: 'artefacts.download',
    params: (world) => ({ ...run(world), kind: 'merged' }),
    isMissing: true,
  },
  'GET runs/[runId]/bundles/[model]/[...file]': {
    who: 'predictions.write',
    params: (world) => ({ ...run(world), model: 'tuned', file: ['manifest.json'] }),
    isMissing: true,
  },
  'GET runs/[runId]/pictures/[...file]': {
    who: 'project.read',
    params: (world) => ({ ...run(world), file: ['images', 'none.png'] }),
    isMissing: true,
  },
  'GET trpc/[trpc]': { who: 'anyone', params: () => ({ trpc: 'auth.state' }) },
  'POST trpc/[trpc]': { who: 'anyone', params: () => ({ trpc: 'auth.state' }) },
  'GET versions/[versionId]/export': { who: 'dataset.export', params: version },
}
