import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { RunsPage } from '../../../../components/runs/runs-page.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('runs'))('pageTitle') }
}

export default function RunsPageRoute() {
  return <RunsPage />
}
