import { Fragment } from 'react';
import type { Segment } from '../../file-view/view.ts';

/** A sentence whose figures stand out. */
export function Segments({ segments }: { readonly segments: readonly Segment[] }) {
  return segments.map(({ text, isStrong }, place) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: segments are their places.
    isStrong ? <b key={place}>{text}</b> : <Fragment key={place}>{text}</Fragment>,
  );
}
