/** A box with its corner handles. The word beside it names the product, so this stays silent. */
export function Logo({ className = 'size-5' }: { className?: string }) {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true" className={className}>
      <rect width="20" height="20" rx="5" className="fill-accent" />
      <rect
        x="5.5"
        y="6.5"
        width="9"
        height="7"
        rx="0.5"
        fill="none"
        className="stroke-on-accent"
        strokeWidth="1.3"
      />
      {[
        [5.5, 6.5],
        [14.5, 6.5],
        [5.5, 13.5],
        [14.5, 13.5],
      ].map(([x = 0, y = 0]) => (
        <rect
          key={`${x} ${y}`}
          x={x - 1.4}
          y={y - 1.4}
          width="2.8"
          height="2.8"
          rx="0.7"
          className="fill-on-accent"
        />
      ))}
    </svg>
  )
}
