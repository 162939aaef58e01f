import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { RunPage } from '../../../../../components/runs/run-page.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('runs'))('pageTitle') }
}

export default function RunPageRoute() {
  return <RunPage />
}
