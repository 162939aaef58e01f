'use client'

import { Boxes, Keyboard, Languages, LogOut, SunMoon } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { signOut } from '../auth/session-client.ts'
import { LOCALES } from '../i18n/locale.ts'
import { LANGUAGE_NAMES, useLanguage } from '../i18n/use-language.ts'
import { useErrorToast } from '../trpc/use-error-toast.ts'
import { Menu, MenuItem, MenuLabel, MenuRadioGroup, MenuSeparator, MenuSub } from '../ui/menu.tsx'
import { THEMES, useTheme } from './theme.ts'
import { useViewer } from './viewer.tsx'

export function UserMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const t = useTranslations('common')
  const viewer = useViewer()
  const language = useLanguage()
  const [theme, setTheme] = useTheme()
  const reportError = useErrorToast()

  const leave = async () => {
    try {
      await signOut()
      // A full load, so that nothing of this person's stays in memory.
      window.location.assign('/sign-in')
    } catch (error) {
      reportError(error)
    }
  }

  return (
    <Menu
      align="end"
      trigger={
        <button
          type="button"
          className="flex size-6 shrink-0 items-center justify-center rounded-full bg-accent-soft font-semibold text-accent text-xs"
        >
          {initials(viewer.name)}
          <span className="sr-only">{t('header.user', { name: viewer.name })}</span>
        </button>
      }
    >
      <MenuLabel>
        <span className="block font-medium text-text">{viewer.name}</span>
        {viewer.email}
      </MenuLabel>
      <MenuSeparator />
      <MenuSub icon={<Languages aria-hidden className="text-muted" />} label={t('header.language')}>
        <MenuRadioGroup
          value={language.locale}
          onValueChange={language.change}
          options={LOCALES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
        />
      </MenuSub>
      <MenuSub icon={<SunMoon aria-hidden className="text-muted" />} label={t('header.theme')}>
        <MenuRadioGroup
          value={theme}
          onValueChange={setTheme}
          options={THEMES.map((value) => ({ value, label: t(`theme.${value}`) }))}
        />
      </MenuSub>
      <MenuItem asChild>
        <Link href="/models">
          <Boxes aria-hidden className="text-muted" />
          {t('header.models')}
        </Link>
      </MenuItem>
      <MenuItem icon={<Keyboard aria-hidden className="text-muted" />} shortcut="?" onSelect={onShortcuts}>
        {t('header.shortcuts')}
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<LogOut aria-hidden className="text-muted" />} onSelect={leave}>
        {t('header.signOut')}
      </MenuItem>
    </Menu>
  )
}

/** First letters of the first and last word; one character for names that are written without spaces. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  return letters
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase()
}
