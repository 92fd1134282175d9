import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { TimelineKind } from '../../file-view/timeline-filter.ts';

/** What the address of a file says of its timeline: a kind, words, and the record that one came for. */
export interface TimelineSearch {
  vue?: string;
  mots?: string;
  fiche?: string;
}

const names: Readonly<Record<TimelineKind, string>> = {
  consultations: 'consultations',
  results: 'resultats',
  documents: 'documents',
  treatments: 'ordonnances',
  vaccines: 'vaccins',
  administrative: 'administratif',
};
const kinds = new Map(Object.entries(names).map(([kind, name]) => [name, kind as TimelineKind]));
const longestWords = 200;

/** Anything but a known kind, words and a reference is left out. */
export function readTimelineSearch({ vue, mots, fiche }: Record<string, unknown>): TimelineSearch {
  // The router reads a number where somebody looked for one.
  const words = typeof mots === 'string' || typeof mots === 'number' ? String(mots).slice(0, longestWords) : '';
  return {
    ...(typeof vue === 'string' && kinds.has(vue) ? { vue } : {}),
    ...(words.trim() === '' ? {} : { mots: words }),
    ...(typeof fiche === 'string' && /^[A-Za-z]+\/[\w.-]{1,64}$/.test(fiche) ? { fiche } : {}),
  };
}

export interface ChosenItems {
  readonly kind: TimelineKind | null;
  readonly words: string;
}

/** What is chosen of the timeline, kept in the address: a reload and the way back find it again. */
export function useTimelineAddress() {
  const { vue = '', mots = '', fiche = '' }: TimelineSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const choose = useCallback(
    ({ kind, words }: ChosenItems) => {
      const search: TimelineSearch = {
        ...(kind === null ? {} : { vue: names[kind] }),
        ...(words.trim() === '' ? {} : { mots: words }),
      };
      // Letters of one word are not as many steps back.
      const replace = mots !== '' && words.trim() !== '' && search.vue === (vue || undefined);
      void navigate({ to: '.', search, replace, resetScroll: false });
    },
    [navigate, mots, vue],
  );
  return { kind: kinds.get(vue) ?? null, words: mots, record: fiche, choose };
}
