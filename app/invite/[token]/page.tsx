import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { InvitationScreen } from '../../../components/auth/invitation-screen.tsx'
import { caller } from '../../../server/caller.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('auth.invitation'))('pageTitle') }
}

export default async function InvitePage({ params }: { params: Promise<{ token: string }> }) {
  const { viewer } = await (await caller()).auth.state()
  return <InvitationScreen token={(await params).token} email={viewer?.email} />
}
