import type { ReactNode } from 'react';
import { Octagon, Triangle } from './marks.tsx';

interface NoticeProps {
  readonly tone: 'plain' | 'amber' | 'red';
  readonly title?: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** Something a person must read, in place. Red interrupts a screen reader; the others wait for its turn. */
export function Notice({ tone, title, children, action }: NoticeProps) {
  return (
    <div className="notice" data-tone={tone} role={tone === 'red' ? 'alert' : 'status'}>
      {tone === 'red' ? <Octagon /> : tone === 'amber' ? <Triangle /> : null}
      <div className="notice-words">
        {title === undefined ? null : <b>{title}</b>}
        {children === undefined ? null : <p>{children}</p>}
      </div>
      {action}
    </div>
  );
}
