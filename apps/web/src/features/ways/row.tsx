import type { ReactNode } from 'react';

interface RowProps {
  readonly title: string;
  readonly detail: string;
  readonly isNumber?: boolean;
  readonly children: ReactNode;
}

/** One way in: what it is, how it stands, what can be done with it. */
export function Row({ title, detail, isNumber = false, children }: RowProps) {
  return (
    <div className="ways-row">
      <div>
        <b>{title}</b>
        <p className={isNumber ? 'muted figures' : 'muted'}>{detail}</p>
      </div>
      <div className="ways-actions">{children}</div>
    </div>
  );
}

export function Change({ onClick, children }: { readonly onClick: () => void; readonly children: ReactNode }) {
  return (
    <button type="button" className="text-button" onClick={onClick}>
      {children}
    </button>
  );
}
