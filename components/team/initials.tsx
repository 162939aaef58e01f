/** At most two letters of a name, or the first sign of one that is written without spaces (王小明). */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  const signs = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  return signs.map((word) => [...(word ?? '')][0]?.toUpperCase() ?? '').join('')
}

/** Who is meant, as small as a letter; whoever shows it also says the name. */
export function Initials({ name }: { name: string }) {
  return (
    <span
      aria-hidden
      title={name}
      className="grid h-4 min-w-4 shrink-0 place-items-center rounded-full bg-active px-1 font-medium text-[10px] text-muted leading-none"
    >
      {initialsOf(name)}
    </span>
  )
}
