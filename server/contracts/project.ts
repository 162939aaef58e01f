import { z } from 'zod'
import { ExpressionText } from './annotation.ts'
import { ProjectId } from './ids.ts'

export const PromptLanguage = z.enum(['en', 'zh'])
export type PromptLanguage = z.infer<typeof PromptLanguage>

export const ProjectName = z.string().trim().min(1).max(80)

export const ProjectSettings = z.object({
  promptLanguage: PromptLanguage.default('en'),
})
export type ProjectSettings = z.infer<typeof ProjectSettings>

export const CreateProject = z.object({ name: ProjectName })
export const RenameProject = z.object({ id: ProjectId, name: ProjectName })

/** The sample's words for the project and its prompts. */
export const CreateSample = z.object({ language: PromptLanguage.default('en') })

export const LabelColour = z.string().regex(/^#[0-9a-f]{6}$/)
export const SaveLabel = z.object({
  projectId: ProjectId,
  name: ExpressionText,
  colour: LabelColour.optional(),
})

export const SaveProjectSettings = z.object({ projectId: ProjectId, settings: ProjectSettings })
