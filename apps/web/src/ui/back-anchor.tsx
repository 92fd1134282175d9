import type { ComponentProps } from 'react';
import { Arrow } from './marks.tsx';

/** First on a page: the way back to the one above it, by its name. */
export function BackAnchor({ children, ...anchor }: ComponentProps<'a'>) {
  return (
    <p className="back">
      <a {...anchor}>
        <Arrow />
        {children}
      </a>
    </p>
  );
}
