import type { ReactNode } from 'react';
import styles from './table.module.css';

export type Column<T> = {
  readonly head: string;
  readonly cell: (row: T) => ReactNode;
  /** The column that names the row: the heading of its card where the screen is narrow. */
  readonly main?: true;
  readonly align?: 'end';
  /** Its cells are a word each, which is never broken. */
  readonly short?: true;
  /** The heading is for screen readers only (buttons at the end of a row). */
  readonly headHidden?: true;
};

/** Rows and columns; below 640 px each row is a card with the headings beside the values. */
export function Table<T>({
  label,
  columns,
  rows,
  keyOf,
}: {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
}) {
  // The roles are said in full, because a table that is laid out as cards is none for some screen readers.
  return (
    <div className={styles.frame}>
      {/* biome-ignore-start lint/a11y/noRedundantRoles: see above */}
      <table className={styles.table} aria-label={label} role="table">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(column => (
              <th
                key={column.head}
                scope="col"
                role="columnheader"
                className={column.align === 'end' ? styles.end : undefined}
              >
                <span className={column.headHidden === true ? 'sr-only' : undefined}>{column.head}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map(row => (
            <tr key={keyOf(row)} role="row">
              {columns.map(column => (
                <td
                  key={column.head}
                  role="cell"
                  className={`${column.main === true ? styles.main : ''} ${column.align === 'end' ? styles.end : ''} ${column.short === true ? styles.short : ''}`}
                >
                  {column.main === true || column.headHidden === true ? null : (
                    <span className={styles.cardHead} aria-hidden>
                      {column.head}
                    </span>
                  )}
                  <div className={styles.value}>{column.cell(row)}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {/* biome-ignore-end lint/a11y/noRedundantRoles: see above */}
    </div>
  );
}
