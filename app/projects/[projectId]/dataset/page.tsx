import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { DatasetPage } from '../../../../components/dataset/dataset-page.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('dataset'))('title') }
}

export default function Page() {
  return <DatasetPage />
}
