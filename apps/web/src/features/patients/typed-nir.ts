import { beginsNir, compactNir, groupNir } from '@serment/records/identifiers/nir';

export interface TypedNir {
  /** What is kept: the number without spaces; text that begins none, as it was typed. */
  readonly value: string;
  /** What the field shows. */
  readonly shown: string;
  readonly caret: number;
}

export interface NirTyping {
  /** What the field showed before, and what a person made of it. */
  readonly before: string;
  readonly text: string;
  /** In `text`. */
  readonly caret: number;
  /** `deleteContentBackward`, `insertFromPaste`… */
  readonly inputType: string;
}

const nirCharacters = /^[\dAB]+$/;

/** How a number is shown in its field. */
export function shownNir(value: string): string {
  const compact = compactNir(value);
  return beginsNir(compact) ? groupNir(compact) : value;
}

/** A number as it is typed or pasted, in groups, the caret where it was among its characters. */
export function typedNir({ before, text, caret, inputType }: NirTyping): TypedNir {
  const typed = compactNir(text);
  const place = compactNir(text.slice(0, caret)).length;
  if (!beginsNir(typed))
    // Too many figures are figures still, without groups that they have not.
    return nirCharacters.test(typed)
      ? { value: typed, shown: typed, caret: place }
      : { value: text, shown: text, caret };
  const isSpaceTaken = inputType.startsWith('delete') && text.length < before.length && typed === compactNir(before);
  if (!isSpaceTaken) return grouped(typed, place);
  // Who takes a space away means the character that stands behind it.
  const gone = inputType.endsWith('Forward') ? place : place - 1;
  if (gone < 0) return grouped(typed, place);
  return grouped(typed.slice(0, gone) + typed.slice(gone + 1), gone);
}

/** `place` counts the characters before the caret, without spaces. */
function grouped(value: string, place: number): TypedNir {
  const shown = groupNir(value);
  let caret = 0;
  for (let count = 0; count < place && caret < shown.length; caret += 1) if (shown[caret] !== ' ') count += 1;
  return { value, shown, caret };
}
