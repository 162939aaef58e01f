'use client'

import { Download } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ArtefactFile } from '../../../server/contracts/artefact.ts'
import { Table, TableBody, TableCell, TableHead, TableHeaderCell, TableRow } from '../../ui/table.tsx'
import { CopyButton } from '../copy-button.tsx'
import { useAmounts } from '../use-amounts.ts'

/** Each file with size and hash. `address` null = this person may not download. */
export function ArtefactFiles({
  files,
  address,
}: {
  files: readonly ArtefactFile[]
  address: string | null
}) {
  const t = useTranslations('runs.artefacts')
  const { bytes } = useAmounts()
  return (
    <Table>
      <TableHead>
        <TableRow>
          <TableHeaderCell>{t('file')}</TableHeaderCell>
          <TableHeaderCell numeric>{t('size')}</TableHeaderCell>
          <TableHeaderCell>{t('sha256')}</TableHeaderCell>
          <TableHeaderCell />
        </TableRow>
      </TableHead>
      <TableBody>
        {files.map(({ file, bytes: size, sha256 }) => (
          <TableRow key={file}>
            <TableCell className="h-8 font-mono text-sm">{file}</TableCell>
            <TableCell numeric className="h-8 whitespace-nowrap">
              {bytes(size)}
            </TableCell>
            <TableCell className="h-8">
              <span className="flex items-center gap-1">
                <code className="text-muted text-sm">{sha256.slice(0, 12)}…</code>
                <CopyButton text={sha256} label={t('copyHash', { file })} />
              </span>
            </TableCell>
            <TableCell className="h-8 text-right">
              {address && (
                <a
                  href={`${address}/${file.split('/').map(encodeURIComponent).join('/')}`}
                  download
                  aria-label={t('downloadFile', { file })}
                  className="inline-flex rounded-md p-1 text-muted hover:bg-hover hover:text-text [&_svg]:size-4"
                >
                  <Download aria-hidden />
                </a>
              )}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}
