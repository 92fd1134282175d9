import { useCallback, useEffect, useRef, useState } from 'react';
import { onLeaving } from './leaving.ts';
import { useEngine } from './use-session.ts';

export interface Draft<Value> {
  readonly value: Value;
  /** False until it is known whether a draft was kept. */
  readonly isLoaded: boolean;
  /** When the last keystroke was sealed on this device; null when nothing was typed. */
  readonly savedAt: number | null;
  /** False from a keystroke until it is sealed. */
  readonly isSealed: boolean;
  readonly error: unknown;
  readonly set: (value: Value) => void;
  /** True from the moment it is forgotten until something is typed again: what is done with is written no more. */
  readonly isDropped: () => boolean;
  /** Forgets the draft; what is on the screen stays until the page leaves it. */
  readonly drop: () => Promise<void>;
  /** What the screen holds once a draft was dropped and its form goes on: nothing is kept of it until it is typed in. */
  readonly restart: (value: Value) => void;
}

/**
 * A form that is sealed on this device from its first keystroke. One writing at a time: what is typed meanwhile is
 * written next, so the last text is always the one that stays.
 */
export function useDraft<Value extends object>(key: string, initial: Value): Draft<Value> {
  const engine = useEngine();
  const [value, setValue] = useState(initial);
  const [isLoaded, setLoaded] = useState(false);
  const [savedAt, setSavedAt] = useState<number | null>(null);
  const [isSealed, setSealed] = useState(true);
  const [error, setError] = useState<unknown>(null);
  const pending = useRef<Value | null>(null);
  const writing = useRef<Promise<void> | null>(null);
  /** The text of this draft that this window showed or wrote last: another window may write it too. */
  const seen = useRef<string | null>(null);
  const isTouched = useRef(false);
  const isForgotten = useRef(false);

  useEffect(() => {
    let isCurrent = true;
    engine.draft(key).then(
      (draft) => {
        if (!isCurrent) return;
        // What was typed before the answer came is newer.
        if (draft !== null && !isTouched.current) {
          setValue((known) => ({ ...known, ...JSON.parse(draft.text) }));
          setSavedAt(draft.updatedAt);
          seen.current = draft.text;
        }
        setLoaded(true);
      },
      (caught: unknown) => {
        if (!isCurrent) return;
        setError(caught);
        setLoaded(true);
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [engine, key]);

  const write = useCallback(async () => {
    while (pending.current !== null) {
      const next = JSON.stringify(pending.current);
      const before = seen.current;
      pending.current = null;
      // What follows is written over this one, though its answer may not have come by then.
      seen.current = next;
      try {
        await engine.putDraft(key, next, before);
        setSavedAt(Date.now());
        setSealed(pending.current === null);
        setError(null);
      } catch (caught) {
        if (seen.current === next) seen.current = before;
        setError(caught);
      }
    }
    writing.current = null;
  }, [engine, key]);

  // A page that goes away, and keys that go, wait for no writing: what is pending leaves while it still can.
  useEffect(() => {
    const leave = () => {
      const last = pending.current;
      pending.current = null;
      if (last !== null) engine.putDraft(key, JSON.stringify(last), seen.current).catch(() => undefined);
    };
    return onLeaving(leave);
  }, [engine, key]);

  const set = useCallback(
    (next: Value) => {
      isTouched.current = true;
      isForgotten.current = false;
      setValue(next);
      setSealed(false);
      pending.current = next;
      writing.current ??= write();
    },
    [write],
  );

  const isDropped = useCallback(() => isForgotten.current, []);

  const drop = useCallback(async () => {
    isForgotten.current = true;
    pending.current = null;
    await writing.current;
    await engine.dropDraft(key, seen.current);
    seen.current = null;
    setSavedAt(null);
  }, [engine, key]);

  return { value, isLoaded, savedAt, isSealed, error, set, isDropped, drop, restart: setValue };
}
