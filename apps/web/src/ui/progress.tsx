import type { CSSProperties } from 'react';

/** How far a work is, which a screen reader is told too. */
export function Progress(props: { readonly label: string; readonly done: number; readonly total: number }) {
  const { label, done, total } = props;
  const part: CSSProperties = { '--part': done / total };
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
    >
      <i style={part} />
    </div>
  );
}
