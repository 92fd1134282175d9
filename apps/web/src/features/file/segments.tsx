import type { Segment } from '../../file-view/view.ts';
import { FoundWords } from './found-words.tsx';

/** A sentence whose figures stand out. */
export function Segments({ segments }: { readonly segments: readonly Segment[] }) {
  return segments.map(({ text, isStrong }, place) =>
    isStrong ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: segments are their places.
      <b key={place}>
        <FoundWords text={text} />
      </b>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: segments are their places.
      <FoundWords key={place} text={text} />
    ),
  );
}
