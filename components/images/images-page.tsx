'use client'

import { useLocale, useTranslations } from 'next-intl'
import { useCallback, useRef, useState } from 'react'
import { useCan, useProject, useProjectId } from '../app-shell/project-context.tsx'
import { DrawDialog } from '../charts/draw-dialog.tsx'
import { DrawingPanel } from '../charts/drawing-panel.tsx'
import { EditPanel } from '../labels/edit-panel.tsx'
import { useLabelTools } from '../labels/use-label-tools.tsx'
import { PrelabelProgress } from '../prelabel/prelabel-progress.tsx'
import { ListMenu } from '../team/list-menu.tsx'
import { useReviewQueue } from '../team/use-review-queue.ts'
import { WorkLinks } from '../team/work-links.tsx'
import { cn } from '../ui/cn.ts'
import { ErrorState } from '../ui/error-state.tsx'
import { toast } from '../ui/toast.tsx'
import type { CollectedFile } from '../uploads/collect-files.ts'
import { uploads } from '../uploads/uploads.ts'
import { ActiveImage } from './active-image.tsx'
import { DeleteImagesDialog } from './delete-images-dialog.tsx'
import { DropOverlay } from './drop-overlay.tsx'
import { FacetPanel } from './facet-panel.tsx'
import { FilterBox } from './filter-box.tsx'
import { GridSkeleton } from './grid-skeleton.tsx'
import { isFiltered } from './image-filter.ts'
import { ImageGrid } from './image-grid.tsx'
import { NoImages, NoMatch } from './images-empty.tsx'
import { ImportMenu } from './import-menu.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { useChangeImages } from './use-change-images.ts'
import { useDropFiles } from './use-drop-files.ts'
import { useFilePicker } from './use-file-picker.tsx'
import { useFilterText } from './use-filter-text.ts'
import { useImageActions } from './use-image-actions.tsx'
import { useImageCounts, useImageList, useLabelColours } from './use-image-list.ts'
import { useOpenImage } from './use-open-image.ts'
import { useSelection } from './use-selection.ts'

export function ImagesPage() {
  const t = useTranslations('images')
  const projectId = useProjectId()
  const pageLanguage = useLocale()
  const language = useProject().data?.settings.promptLanguage ?? pageLanguage
  const canImport = useCan('images.import')
  const canDelete = useCan('images.delete')
  const canDraw = useCan('project.manage')
  const { text, setText, filter, problems, change } = useFilterText()
  const { query, positions } = useImageList(filter)
  const total = positions.length
  // Until the answer to a new filter is there, the list that is shown is the one before.
  const [listed, setListed] = useState(text)
  if (listed !== text && query.isSuccess && !query.isPlaceholderData) setListed(text)
  const [isShown, setShown] = useState(false)
  const counts = useImageCounts(isShown || query.isError || (query.isSuccess && total === 0))
  const colours = useLabelColours()
  const { selection, setSelection, clear, chosen } = useSelection(projectId, positions)
  const changes = useChangeImages()
  const filterInput = useRef<HTMLInputElement>(null)
  const [isDeleting, setDeleting] = useState(false)
  const [isDrawing, setDrawing] = useState(false)

  const add = useCallback(
    (files: CollectedFile[]) => {
      // The dialog takes what is dropped while it is open.
      if (isDrawing) return
      if (!canImport) toast.error(t('import.forbidden'))
      else if (files.length === 0) toast.error(t('import.nothing'))
      else uploads.add(projectId, files)
    },
    [canImport, isDrawing, projectId, t],
  )
  const isOver = useDropFiles(add)
  const picker = useFilePicker(add)

  const open = useOpenImage(projectId, text)
  const review = useReviewQueue(projectId)
  const tools = useLabelTools(filter, total)

  const showCounts = useCallback(() => setShown(true), [])
  const draw = useCallback(() => setDrawing(true), [])
  const { active } = selection
  const openActive = useCallback(() => {
    if (active !== null) void open(active)
  }, [active, open])
  useImageActions({
    picker,
    canImport,
    canDelete,
    canDraw,
    draw,
    hasSelection: chosen.length > 0,
    focusFilter: useCallback(() => filterInput.current?.focus(), []),
    open: openActive,
    clear,
    remove: useCallback(() => setDeleting(true), []),
  })

  const remove = async () => {
    await changes.remove(chosen)
    setDeleting(false)
    clear()
  }

  const isEmpty = query.isSuccess && !query.isPlaceholderData && total === 0
  return (
    <div className="flex h-full flex-col">
      <h1 className="sr-only">{t('pageTitle')}</h1>
      <div className="flex h-11 shrink-0 items-center gap-3 border-border border-b bg-surface px-3">
        {canImport && <ImportMenu picker={picker} onDraw={canDraw ? draw : null} />}
        {picker.inputs}
        <FilterBox
          text={text}
          onTextChange={setText}
          problems={problems}
          counts={counts.data}
          inputRef={filterInput}
        />
        <span className="flex-1" />
        {chosen.length > 0 ? (
          <SelectionBar
            chosen={chosen}
            changes={changes}
            onOpen={openActive}
            onDelete={() => setDeleting(true)}
            onClear={clear}
          />
        ) : (
          counts.data &&
          query.isSuccess &&
          !query.isPlaceholderData && (
            <>
              {!isFiltered(filter) && (
                <WorkLinks counts={counts.data} onFilter={change} onReview={() => review({})} />
              )}
              <output className="whitespace-nowrap text-muted">
                {isFiltered(filter)
                  ? t('countFiltered', { shown: total, total: counts.data.total })
                  : t('count', { total: counts.data.total })}
              </output>
              <ListMenu
                filter={filter}
                total={total}
                onReview={() => review(filter)}
                onReplace={tools.replace}
              />
            </>
          )
        )}
      </div>
      <EditPanel />
      <div className="flex min-h-0 flex-1">
        <aside className="hidden w-56 shrink-0 overflow-y-auto border-border border-r bg-surface md:block">
          <FacetPanel
            counts={counts.data}
            colours={colours}
            filter={filter}
            onChange={change}
            menuOf={tools.menuOf}
          />
        </aside>
        <section
          aria-busy={query.isPlaceholderData}
          className={cn(
            'min-w-0 flex-1 transition-opacity',
            query.isPlaceholderData && 'opacity-60 delay-200',
          )}
        >
          {query.isPending && <GridSkeleton />}
          {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
          {isEmpty && !isFiltered(filter) && (
            <NoImages picker={picker} canImport={canImport} onDraw={canDraw ? draw : null} />
          )}
          {isEmpty && isFiltered(filter) && <NoMatch onClear={() => setText('')} />}
          {query.isSuccess && total > 0 && (
            <ImageGrid
              key={listed}
              order={positions}
              colours={colours}
              selection={selection}
              onSelectionChange={setSelection}
              onOpen={open}
              onShown={showCounts}
              memoryKey={`${projectId} ${listed}`}
            />
          )}
        </section>
        <aside
          aria-label={t('details.label')}
          className="hidden w-72 shrink-0 overflow-y-auto border-border border-l bg-surface xl:block"
        >
          <ActiveImage position={active} colours={colours} onOpen={open} />
        </aside>
      </div>
      {isOver && canImport && !isDrawing && <DropOverlay />}
      <DrawingPanel />
      <PrelabelProgress onShow={() => setText('suggestions:open')} />
      {tools.dialogs}
      <DrawDialog open={isDrawing} onOpenChange={setDrawing} projectId={projectId} language={language} />
      <DeleteImagesDialog
        open={isDeleting}
        onOpenChange={setDeleting}
        chosen={chosen}
        busy={changes.isBusy}
        onConfirm={remove}
      />
    </div>
  )
}
