import type { PatientRow } from '@serment/replica/directory';
import { useEffect, useRef, useState } from 'react';
import { useAsked, useEngine, useEngineEvents } from '../../session/use-session.ts';

export interface Rows {
  /** Null before the first answer. */
  readonly total: number | null;
  /** True when a search found more than it shows. */
  readonly isCut: boolean;
  readonly recent: readonly PatientRow[];
  /** Undefined while its page is on the way. */
  readonly at: (place: number) => PatientRow | undefined;
  /** True when these are the rows of the query that was given, and not of one before it. */
  readonly isCurrent: boolean;
  /** Asks for what stands between two places. */
  readonly need: (from: number, to: number) => void;
}

const pageRows = 100;
const foundRows = 300;
const recentRows = 6;

interface Held {
  readonly query: string;
  readonly total: number | null;
  readonly isCut: boolean;
  readonly pages: ReadonlyMap<number, readonly PatientRow[]>;
}

const nothing: Held = { query: '', total: null, isCut: false, pages: new Map() };

/** How many patients the practice has; null before the first answer. */
export function usePatientCount(): number | null {
  const engine = useEngine();
  const { value, again } = useAsked('count', () => engine.patientCount());
  useEngineEvents((event) => {
    if (event.type === 'directory') again();
  });
  return value;
}

/** The practice's patients by pages, or those that a query finds; asked again when the directory changes. */
export function usePatientRows(query: string): Rows {
  const engine = useEngine();
  const [held, setHeld] = useState<Held>(nothing);
  const [turn, setTurn] = useState(0);
  const asked = useRef(new Set<number>());
  const { value: recent, error, again } = useAsked('recent', () => engine.recent(recentRows));
  useEngineEvents((event) => {
    if (event.type === 'directory') setTurn((count) => count + 1);
    if (event.type === 'directory' || event.type === 'recent') again();
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` is what asks again.
  useEffect(() => {
    let isCurrent = true;
    asked.current = new Set([0]);
    // Pages that are shown stay until they are read again: a list that somebody scrolled must not go blank.
    const take = (answer: Held) => {
      if (!isCurrent) return;
      setHeld((known) =>
        known.query === query && query.trim() === ''
          ? { ...answer, pages: new Map([...known.pages, ...answer.pages]) }
          : answer,
      );
    };
    if (query.trim() === '')
      void Promise.all([engine.patientCount(), engine.patients(0, pageRows)]).then(
        ([total, first]) => take({ query, total, isCut: false, pages: new Map([[0, first]]) }),
        () => undefined,
      );
    else
      void engine.search(query, foundRows + 1).then(
        (found) => {
          const shown = found.slice(0, foundRows);
          const isCut = found.length > foundRows;
          take({ query, total: shown.length, isCut, pages: new Map(pagesOf(shown)) });
        },
        () => undefined,
      );
    return () => {
      isCurrent = false;
    };
  }, [engine, query, turn]);
  const need = (from: number, to: number) => {
    if (held.query.trim() !== '') return;
    for (let page = Math.floor(from / pageRows); page <= Math.floor(to / pageRows); page += 1) {
      if (asked.current.has(page)) continue;
      asked.current.add(page);
      void engine.patients(page * pageRows, pageRows).then(
        (rows) =>
          setHeld((known) =>
            known.query === held.query ? { ...known, pages: new Map(known.pages).set(page, rows) } : known,
          ),
        () => asked.current.delete(page),
      );
    }
  };
  const at = (place: number) => held.pages.get(Math.floor(place / pageRows))?.[place % pageRows];
  // The recent ones stand above the rest: what came alone would be pushed down under somebody's finger.
  const total = held.query.trim() === '' && recent === null && error === null ? null : held.total;
  const { isCut } = held;
  return { total, isCut, recent: recent ?? [], isCurrent: held.query === query, at, need };
}

function pagesOf(rows: readonly PatientRow[]): [number, readonly PatientRow[]][] {
  return Array.from({ length: Math.ceil(rows.length / pageRows) }, (_, page) => [
    page,
    rows.slice(page * pageRows, (page + 1) * pageRows),
  ]);
}
