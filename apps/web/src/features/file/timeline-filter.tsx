import { NativeSelect } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { type TimelineKind, timelineKinds } from '../../file-view/timeline-filter.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useKeys } from '../shell/keys.ts';
import type { ChosenItems } from './timeline-address.ts';

interface TimelineFilterRowProps {
  readonly chosen: ChosenItems;
  readonly onChoose: (chosen: ChosenItems) => void;
  readonly counts: ReadonlyMap<TimelineKind, number>;
  readonly shown: number;
  readonly total: number;
}

/** Fewer than browsers let an address change, and more than one sees. */
const pauseMs = 80;

/** One quiet row over the spine: words, a kind, how many that leaves, and the way to print them. */
export function TimelineFilterRow({ chosen, onChoose, counts, shown, total }: TimelineFilterRowProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const { kind, words } = chosen;
  const [typed, setTyped] = useState(words);
  const told = useRef(words);
  // The way back, or another link, brings other words.
  useEffect(() => {
    if (words === told.current) return;
    told.current = words;
    setTyped(words);
  }, [words]);
  useEffect(() => {
    if (typed.trim() === told.current) return;
    const timer = setTimeout(() => {
      told.current = typed.trim();
      onChoose({ kind, words: told.current });
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [typed, kind, onChoose]);
  useKeys({ filter: () => field.current?.focus() });
  const isFiltered = kind !== null || words !== '';
  return (
    <search className="timeline-filter" aria-label={t('timeline.filter')}>
      <input
        type="search"
        ref={field}
        aria-label={t('timeline.words')}
        placeholder={t('timeline.words')}
        value={typed}
        autoComplete="off"
        spellCheck={false}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && typed !== '') setTyped('');
        }}
      />
      <NativeSelect
        className="timeline-kinds"
        aria-label={t('timeline.kind')}
        value={kind ?? ''}
        onChange={({ currentTarget }) =>
          onChoose({ kind: timelineKinds.find((one) => one === currentTarget.value) ?? null, words: typed.trim() })
        }
      >
        <option value="">{t('timeline.kinds.all')}</option>
        {timelineKinds
          .filter((one) => counts.has(one) || one === kind)
          .map((one) => (
            <option key={one} value={one}>
              {t('timeline.kindCount', { kind: t(`timeline.kinds.${one}`), count: counts.get(one) ?? 0 })}
            </option>
          ))}
      </NativeSelect>
      <span className="timeline-count" role="status">
        {isFiltered ? t('timeline.shown', { shown, count: total }) : t('timeline.total', { count: total })}
      </span>
      <button type="button" className="text-button" onClick={() => print()}>
        {t('timeline.print')}
      </button>
    </search>
  );
}
