import { type FocusEvent, type RefObject, useEffect, useRef } from 'react';
import { useSession } from '../../session/use-session.ts';
import { isEmptyConsultation } from './consultation-draft.ts';
import type { SoundDraft } from './consultation-editor.tsx';
import { thisWindow } from './this-window.ts';

interface ParkingParts {
  readonly draftKey: string;
  readonly draft: SoundDraft;
  readonly form: RefObject<HTMLElement | null>;
}

interface Parking {
  readonly onBlur: (event: FocusEvent) => void;
}

/** A consultation that another patient interrupts says so in its draft, with the place of the caret, and goes back there. */
export function useParking({ draftKey, draft, form }: ParkingParts): Parking {
  const { delayed } = useSession();
  const caret = useRef({ field: '', caret: 0 });
  const latest = useRef(draft);
  useEffect(() => {
    latest.current = draft;
  });
  useEffect(
    () => () => {
      const { value, isLoaded, isDropped, change } = latest.current;
      // What is about to be signed stays as it was read.
      const isSigning = delayed.current().some(({ key }) => key === draftKey);
      // Somebody may leave between the saving and its end.
      if (isDropped() || !isLoaded || isSigning || isEmptyConsultation(value)) return;
      change(() => ({ parked: { ...caret.current, at: Date.now(), window: thisWindow() } }));
    },
    [delayed, draftKey],
  );
  const { isLoaded } = draft;
  useEffect(() => {
    const { value, change } = latest.current;
    if (!isLoaded || value.parked === null) return;
    const { field, caret: place } = value.parked;
    const found = form.current?.querySelector(`[data-field="${CSS.escape(field)}"]`);
    const input = found instanceof HTMLDivElement ? found.querySelector('input') : found;
    if (input instanceof HTMLInputElement || input instanceof HTMLTextAreaElement) {
      input.focus();
      input.setSelectionRange(place, place);
    }
    change(() => ({ parked: null }));
  }, [isLoaded, form]);
  const onBlur = ({ target }: FocusEvent) => {
    const field = target.closest('[data-field]')?.getAttribute('data-field') ?? '';
    const isText = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
    if (field !== '' && isText) caret.current = { field, caret: target.selectionStart ?? target.value.length };
  };
  return { onBlur };
}
