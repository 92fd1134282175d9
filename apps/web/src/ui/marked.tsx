import { Fragment } from 'react';

interface MarkedProps {
  readonly segments: readonly { readonly text: string; readonly isStrong: boolean }[];
}

/** A text in which the words that were looked for stand out. */
export function Marked({ segments }: MarkedProps) {
  return segments.map(({ text, isStrong }, place) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: segments are their places.
    isStrong ? <mark key={place}>{text}</mark> : <Fragment key={place}>{text}</Fragment>,
  );
}
