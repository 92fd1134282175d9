import { bytesToHex, hexToBytes, utf8ToBytes } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import type { DrillOutcome } from '@serment/core/journal/body';
import { parseCheckpoint } from '@serment/core/journal/checkpoint';
import type { EventKind, Watched, WatchState } from './watch-file.ts';

/** A practice as the witness shows it: named by what only those recognise who know its id. */
export interface ShownPractice {
  readonly practice: string;
  readonly state: WatchState | 'damaged';
  readonly fence: number | null;
  readonly size: number | null;
  readonly root: string | null;
  /** The last cosignature, seconds since 1970. */
  readonly cosigned: number | null;
  /** When a head was last taken, ms since 1970. */
  readonly answered: number | null;
  /** What the last drill of its copy came to, and when, ms since 1970. */
  readonly drill: DrillOutcome | null;
  readonly drilled: number | null;
  readonly events: readonly ShownEvent[];
}

export interface ShownEvent {
  readonly id: string;
  readonly practice: string;
  readonly kind: EventKind;
  readonly at: number;
  readonly lost: number;
  /** Size, root and hash of each note that proves it. */
  readonly heads: readonly { readonly size: number; readonly root: string; readonly note: string }[];
}

/** Whether somebody should look at it. */
export function isAlarm({ state, drill }: Pick<ShownPractice, 'state' | 'drill'>): boolean {
  return (state !== 'following' && state !== 'waiting') || drill === 'failed';
}

const shownDigits = 12;
const shownEvents = 100;

/** What stands for a practice outside (docs/format/witness.md, Feed). */
export function pseudonym(practice: string): string {
  return bytesToHex(sha256(utf8ToBytes('serment/witness/1\0'), hexToBytes(practice))).slice(0, shownDigits);
}

/** What is published of a practice; null in place of what is damaged. */
export function shownPractice(practice: string, watched: Watched | null): ShownPractice {
  const name = pseudonym(practice);
  if (watched === null) return { practice: name, state: 'damaged', ...nothing, events: [] };
  const { known } = watched.followed;
  return {
    practice: name,
    state: watched.state,
    ...{ fence: known?.fence ?? null, size: known?.size ?? null, root: known && bytesToHex(known.root) },
    ...{ cosigned: watched.cosigned?.time ?? null, answered: watched.answeredAt },
    ...{ drill: watched.drilled?.outcome ?? null, drilled: watched.drilled?.at ?? null },
    events: watched.events.slice(-shownEvents).map(({ number, kind, at, lost, notes }) => ({
      ...{ id: `${name}/${number}`, practice: name, kind, at, lost },
      heads: notes.map((note) => {
        const { size, root } = parseCheckpoint(note).checkpoint;
        // The note itself names the practice.
        return { size, root: bytesToHex(root), note: bytesToHex(sha256(utf8ToBytes(note))) };
      }),
    })),
  };
}

const nothing = {
  fence: null,
  size: null,
  root: null,
  cosigned: null,
  answered: null,
  drill: null,
  drilled: null,
} as const;

/** The JSON Feed 1.1 of all practices, what happened last first. */
export function feedOf(keyLine: string, practices: readonly ShownPractice[]): string {
  const events = practices.flatMap((one) => one.events).sort((left, right) => right.at - left.at);
  return `${JSON.stringify(
    {
      version: 'https://jsonfeed.org/version/1.1',
      title: 'Serment: témoin',
      language: 'fr',
      _serment: { key: keyLine, practices: practices.map(({ events: _, ...shown }) => shown) },
      items: events.map(({ id, practice, kind, at, lost, heads }) => ({
        id,
        date_published: new Date(at).toISOString(),
        content_text: `${practice}: ${eventWords[kind][0]}`,
        _serment: { practice, kind, lost, heads },
      })),
    },
    null,
    1,
  )}\n`;
}

/** In French and in English. */
export const eventWords: Readonly<Record<EventKind, readonly [french: string, english: string]>> = {
  first: ['journal suivi pour la première fois', 'journal followed for the first time'],
  fork: ['deux histoires contradictoires', 'two histories that contradict each other'],
  rollback: ['retour en arrière', 'gone back'],
  unacknowledged: ['restauration que personne n’a reconnue', 'restoration that nobody acknowledged'],
  restored: ['restauration reconnue par le cabinet', 'restoration acknowledged by the practice'],
  silence: ['aucune réponse depuis une heure', 'no answer for an hour'],
  heard: ['de nouveau en règle', 'in order again'],
  proven: ['copie restaurée ici, sans différence', 'copy restored here, without a difference'],
  failed: ['la copie restaurée ici n’a pas tout rendu', 'the copy restored here did not give everything back'],
  inconclusive: ['copie non restaurée, sans conclusion', 'copy not restored, no conclusion'],
  clock: ['l’horloge du témoin a reculé', 'the witness’s clock went back'],
};

export const stateWords: Readonly<Record<ShownPractice['state'], readonly [french: string, english: string]>> = {
  waiting: ['en attente', 'waiting'],
  following: ['en règle', 'in order'],
  silent: ['silence', 'silent'],
  fork: ['histoires contradictoires', 'contradicting histories'],
  rollback: ['retour en arrière', 'gone back'],
  unacknowledged: ['restauration non reconnue', 'restoration not acknowledged'],
  clock: ['horloge du témoin', 'witness’s clock'],
  damaged: ['état abîmé', 'state damaged'],
};
