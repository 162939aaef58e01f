import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { TeamPage } from '../../../../components/team/team-page.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('team'))('page.title') }
}

export default function Page() {
  return <TeamPage />
}
