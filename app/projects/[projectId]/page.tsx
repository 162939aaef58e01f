import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ImagesPage } from '../../../components/images/images-page.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('images'))('pageTitle') }
}

export default function ProjectImagesPage() {
  return <ImagesPage />
}
