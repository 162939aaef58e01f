'use client'

import { Ban, MoreHorizontal, Pencil, SquareDashedMousePointer, Tag, TextQuote, Trash2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { memo, type RefObject } from 'react'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu.tsx'
import { expressionByText, orderedBoxes } from '../document/doc.ts'
import { deleteExpression, setExpressionKind, toggleNegative } from '../document/edit.ts'
import type { ListedEntry } from '../document/entries.ts'
import type { Editor } from '../editor/editor.ts'
import { useKeymap } from '../keymap/use-keymap.ts'
import { rejectSuggestions } from '../suggestions/judge.ts'
import { openOnes } from '../suggestions/suggestion.ts'

export interface EntryMenuProps {
  kind: ListedEntry['kind']
  text: string
  state: ListedEntry['state']
  /** The editor of the image that is open when something is chosen. */
  latest: RefObject<{ editor: Editor }>
  onRename: () => void
}

/** What can be done with one expression of the image. The same from image to image, like the classes. */
export const EntryMenu = memo(function EntryMenu(props: EntryMenuProps) {
  const t = useTranslations('annotator.expressions')
  return (
    <Menu
      align="end"
      trigger={
        <IconButton
          size="sm"
          label={t('menu', { text: props.text })}
          icon={<MoreHorizontal />}
          className="opacity-0 group-hover:opacity-100 focus-visible:opacity-100 data-[state=open]:opacity-100"
        />
      }
    >
      <Items {...props} />
    </Menu>
  )
})

/** There only while the menu is open. */
function Items({ kind, text, state, latest, onRename }: EntryMenuProps) {
  const t = useTranslations('annotator.expressions')
  const keymap = useKeymap()
  const { editor } = latest.current
  const doc = () => editor.getState().doc
  const expression = expressionByText(doc(), text)
  return (
    <>
      {state === 'boxes' ? (
        <MenuItem
          icon={<SquareDashedMousePointer />}
          onSelect={() =>
            editor.select(
              orderedBoxes(doc())
                .filter((box) => expression && box.expressionIds.includes(expression.id))
                .map((box) => box.id),
            )
          }
        >
          {t('selectBoxes')}
        </MenuItem>
      ) : (
        <MenuItem
          icon={<Ban />}
          shortcut={editor.getState().active?.text === text ? keymap.get('negative')?.[0] : undefined}
          onSelect={() => editor.commit('negative', toggleNegative(doc(), { kind, text }, editor.ids) ?? [])}
        >
          {t(state === 'negative' ? 'unmarkNegative' : 'markNegative')}
        </MenuItem>
      )}
      {expression && (
        <>
          <MenuItem icon={<Pencil />} onSelect={onRename}>
            {t('rename')}
          </MenuItem>
          <MenuItem
            icon={kind === 'class' ? <TextQuote /> : <Tag />}
            onSelect={() =>
              editor.commit(
                'kind',
                setExpressionKind(doc(), expression.id, kind === 'class' ? 'phrase' : 'class'),
              )
            }
          >
            {t(kind === 'class' ? 'toPhrase' : 'toClass')}
          </MenuItem>
          <MenuSeparator />
          <MenuItem
            icon={<Trash2 />}
            danger
            onSelect={() => editor.commit('delete', deleteExpression(doc(), expression.id))}
          >
            {t('remove')}
          </MenuItem>
        </>
      )}
      {state === 'draft' && (
        <MenuItem
          icon={<Trash2 />}
          onSelect={() => {
            editor.removeDraft(text)
            // Otherwise what a model proposes for it would keep it in the list.
            const about = openOnes(editor.getState()).filter(({ entry: { text: other } }) => other === text)
            if (about.length > 0) rejectSuggestions(editor, about)
          }}
        >
          {t('removeDraft')}
        </MenuItem>
      )}
    </>
  )
}
