/** A file and where it lies within what was dropped: "valves/2024/a.jpg". */
export interface CollectedFile {
  file: File
  path: string
}

/** What operating systems leave in folders by themselves: nobody means to import these. */
const SYSTEM_FILE = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*|__MACOSX\/.*)$/i

/**
 * Everything below what was dropped. Must be called in the drop handler itself: the browser empties the
 * transfer afterwards, so the entries are taken out before the first `await`.
 */
export async function collectDropped(transfer: DataTransfer): Promise<CollectedFile[]> {
  const entries = [...transfer.items]
    .filter((item) => item.kind === 'file')
    .map((item) => item.webkitGetAsEntry() ?? item.getAsFile())
  const found: CollectedFile[] = []
  for (const entry of entries) {
    if (entry instanceof File) found.push({ file: entry, path: entry.name })
    else if (entry) await collectEntry(entry, found)
  }
  return inOrder(found)
}

/** Of an `<input type="file">`, also one that chose a folder. */
export function collectChosen(files: FileList): CollectedFile[] {
  return inOrder([...files].map((file) => ({ file, path: file.webkitRelativePath || file.name })))
}

/** In the order a person would read the names: 2.jpg before 10.jpg. */
export function inOrder(files: readonly CollectedFile[]): CollectedFile[] {
  const { compare } = new Intl.Collator(undefined, { numeric: true })
  return files.filter(({ path }) => !SYSTEM_FILE.test(path)).sort((a, b) => compare(a.path, b.path))
}

async function collectEntry(entry: FileSystemEntry, found: CollectedFile[]): Promise<void> {
  const path = entry.fullPath.replace(/^\//, '')
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject))
    found.push({ file, path })
  } else if (isFolder(entry)) {
    const reader = entry.createReader()
    // A reader gives at most 100 entries a call in Chromium; an empty answer is the end.
    for (;;) {
      const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
        reader.readEntries(resolve, reject),
      )
      if (batch.length === 0) return
      for (const child of batch) await collectEntry(child, found)
    }
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}
