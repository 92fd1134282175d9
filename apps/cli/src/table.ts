/** Columns of text: the first to the left, numbers to the right. */
export function textTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => String(row[column] ?? '').length)),
  );
  const line = (cells: readonly (string | number)[]) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return typeof cell === 'number' ? String(cell).padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  const isNumber = (column: number) => rows.some((row) => typeof row[column] === 'number');
  const titles = head.map((title, column) => (isNumber(column) ? title.padStart(widths[column] ?? 0) : title));
  return [line(titles), ...rows.map(line)];
}

/** The host's clock as a person reads it, in universal time. */
export function instantText(ms: number | null): string {
  return ms === null ? '' : `${new Date(ms).toISOString().replace('T', ' ').slice(0, 19)} UTC`;
}
