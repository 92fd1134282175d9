import { useEffect, useRef } from 'react';

/** Shortcuts by what they do. Letters by their place on the keyboard, since Alt changes what a letter types on some. */
export type KeyAction =
  | 'palette'
  | 'today'
  | 'patients'
  | 'newPatient'
  | 'note'
  | 'save'
  | 'sign'
  | 'privateNote'
  | 'template'
  | 'seen'
  | 'filter'
  | 'vault'
  | 'lock'
  | 'switch'
  | 'help';

export const keyLabels: Readonly<Record<KeyAction, string>> = {
  palette: 'Ctrl K',
  note: 'Alt C',
  save: 'Ctrl Entrée',
  sign: 'Alt G',
  privateNote: 'Alt R',
  template: 'Alt T',
  seen: 'Alt U',
  today: 'Alt J',
  filter: 'Alt F',
  patients: 'Alt P',
  newPatient: 'Alt N',
  vault: 'Alt V',
  lock: 'Alt L',
  switch: 'Alt S',
  help: '?',
};

const altCodes: Readonly<Record<string, KeyAction>> = {
  KeyC: 'note',
  KeyG: 'sign',
  KeyR: 'privateNote',
  KeyT: 'template',
  KeyJ: 'today',
  KeyP: 'patients',
  KeyN: 'newPatient',
  KeyV: 'vault',
  KeyL: 'lock',
  KeyS: 'switch',
  KeyU: 'seen',
  KeyF: 'filter',
};

export function keyAction(event: KeyboardEvent): KeyAction | null {
  const isCommand = event.ctrlKey || event.metaKey;
  if (isCommand && !event.altKey && event.key.toLowerCase() === 'k') return 'palette';
  if (isCommand && !event.altKey && (event.key === 'Enter' || event.key.toLowerCase() === 's')) return 'save';
  if (event.altKey && !isCommand && !event.shiftKey) return altCodes[event.code] ?? null;
  // The one single key, and never while somebody types.
  if (event.key === '?' && !isTyping(event.target)) return 'help';
  return null;
}

/** Calls the handlers of this page's shortcuts; what has none goes on to the browser. */
export function useKeys(handlers: Partial<Record<KeyAction, () => void>>): void {
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const action = keyAction(event);
      const handler = action === null ? undefined : latest.current[action];
      if (handler === undefined) return;
      event.preventDefault();
      handler();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}
