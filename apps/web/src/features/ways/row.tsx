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

interface ChangeProps {
  readonly onClick: () => void;
  /** Where the words alone do not say of what. */
  readonly label?: string;
  readonly isDisabled?: boolean;
  readonly children: ReactNode;
}

export function Change({ onClick, label, isDisabled = false, children }: ChangeProps) {
  return (
    <button type="button" className="text-button" aria-label={label} disabled={isDisabled} onClick={onClick}>
      {children}
    </button>
  );
}
