import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

export function Table({ className, ...props }: ComponentProps<'table'>) {
  return <table className={cn('w-full border-collapse text-left', className)} {...props} />
}

export function TableHead({ className, ...props }: ComponentProps<'thead'>) {
  return <thead className={cn('text-sm text-muted', className)} {...props} />
}

export function TableBody(props: ComponentProps<'tbody'>) {
  return <tbody {...props} />
}

export function TableRow({ className, ...props }: ComponentProps<'tr'>) {
  return <tr className={cn('border-border border-b last:border-b-0', className)} {...props} />
}

interface CellOptions {
  /** Right aligned, for columns of numbers. */
  numeric?: boolean
}

export function TableHeaderCell({ className, numeric, ...props }: ComponentProps<'th'> & CellOptions) {
  return (
    <th
      scope="col"
      className={cn('h-8 px-3 font-medium whitespace-nowrap', numeric && 'text-right', className)}
      {...props}
    />
  )
}

export function TableCell({ className, numeric, ...props }: ComponentProps<'td'> & CellOptions) {
  return <td className={cn('h-9 px-3', numeric && 'text-right tabular-nums', className)} {...props} />
}
