import { type RefObject, useLayoutEffect } from 'react';

/**
 * Puts the caret where typing begins, in the frame in which the fields can be typed in: a frame later it would be taken
 * out of the field that somebody had gone to. Whoever is in a field of the form, or writes a longer text, stays there.
 * `isReady` is false until it is known what was typed before; `first` is a selector, its first match counts.
 */
export function useFirstFocus(form: RefObject<HTMLElement | null>, isReady: boolean, first: string): void {
  useLayoutEffect(() => {
    if (!isReady || form.current === null || isTyping(form.current)) return;
    form.current.querySelector<HTMLElement>(first)?.focus();
  }, [form, isReady, first]);
}

function isTyping(form: HTMLElement): boolean {
  const { activeElement } = document;
  if (activeElement instanceof HTMLTextAreaElement) return true;
  return activeElement?.matches('input, select') === true && form.contains(activeElement);
}
