import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ReviewPage } from '../../../../components/review/review-page.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('review'))('title') }
}

export default function Page() {
  return <ReviewPage />
}
