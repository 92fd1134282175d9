import { useContext } from 'react';
import { markedText, withWholeFigures } from '../../file-view/found-text.ts';
import { Marked } from '../../ui/marked.tsx';
import { TimelineLookContext } from './timeline-look.ts';

/** A text of the timeline, with the words that are looked for. */
export function FoundWords({ text }: { readonly text: string }) {
  const { terms } = useContext(TimelineLookContext);
  const whole = withWholeFigures(text);
  return terms.length === 0 ? whole : <Marked segments={markedText(whole, terms)} />;
}
