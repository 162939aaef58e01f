import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ModelsPage } from '../../components/models/models-page.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('models'))('pageTitle') }
}

export default function ModelsPageRoute() {
  return <ModelsPage />
}
