import type { PracticeStatus } from '@serment/replica/practice-status';
import { createContext, useCallback, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { EngineProxy } from '../worker/connect.ts';
import type { EngineEvent } from '../worker/protocol.ts';
import type { Session, SessionState } from './session.ts';

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('No session above this component');
  return session;
}

export function useEngine(): EngineProxy {
  return useSession().engine;
}

export function useSessionState(): SessionState {
  const session = useSession();
  return useSyncExternalStore(session.subscribe, session.current);
}

/** The open practice's status. */
export function useStatus(): PracticeStatus | null {
  return useSessionState().engine.status;
}

export function useEngineEvents(handle: (event: EngineEvent) => void): void {
  const session = useSession();
  const latest = useRef(handle);
  useEffect(() => {
    latest.current = handle;
  });
  useEffect(() => session.watch((event) => latest.current(event)), [session]);
}

export interface Asked<Value> {
  readonly value: Value | null;
  readonly error: unknown;
  /** Asks again; what is shown stays until the answer comes. */
  readonly again: () => void;
}

/**
 * The answer to a question named by `key`: asked once for each key, and again when `mark` is another; the latest answer
 * wins, and what is shown of one key stays until it comes.
 */
export function useAsked<Value>(key: string, ask: () => Promise<Value>, mark?: unknown): Asked<Value> {
  const [answer, setAnswer] = useState<{ key: string; value: Value | null; error: unknown }>({
    key,
    value: null,
    error: null,
  });
  const [turn, setTurn] = useState(0);
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` and `mark` are what asks again.
  useEffect(() => {
    let isCurrent = true;
    latest.current().then(
      (value) => {
        if (isCurrent) setAnswer({ key, value, error: null });
      },
      (error: unknown) => {
        if (isCurrent) setAnswer((known) => ({ key, value: known.key === key ? known.value : null, error }));
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [key, turn, mark]);
  const again = useCallback(() => setTurn((count) => count + 1), []);
  const isSame = answer.key === key;
  return { value: isSame ? answer.value : null, error: isSame ? answer.error : null, again };
}
