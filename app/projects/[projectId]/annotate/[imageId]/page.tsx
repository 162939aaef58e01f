import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { AnnotatePage } from '../../../../../components/annotate-page/annotate-page.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('annotator'))('title') }
}

export default function Page() {
  return <AnnotatePage />
}
