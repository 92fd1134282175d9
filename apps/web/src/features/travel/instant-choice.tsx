import { Button } from '@mantine/core';
import { useId } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import type { FileInstant } from '../../worker/travel-desk.ts';

interface InstantChoiceProps {
  /** Newest first; never empty. */
  readonly instants: readonly FileInstant[];
  readonly at: number;
  readonly onChoose: (at: number) => void;
}

/** The instants at which a file changed, dragged along or stepped through. */
export function InstantChoice({ instants, at, onChoose }: InstantChoiceProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const id = useId();
  const last = instants.length - 1;
  // The last one that had been written by then.
  const known = instants.findIndex((instant) => instant.at <= at);
  const place = known < 0 ? last : known;
  const instant = instants[place];
  const go = (next: number) => {
    const chosen = instants[next];
    if (chosen !== undefined) onChoose(chosen.at);
  };
  if (instant === undefined) return null;
  const when = t('time.at', { day: format.day(instant.at), time: format.clock(instant.at) });
  return (
    <div className="instant">
      <div className="instant-steps">
        <Button variant="default" disabled={place === last} onClick={() => go(place + 1)}>
          {t('travel.earlier')}
        </Button>
        <label className="hidden-text" htmlFor={id}>
          {t('travel.instant')}
        </label>
        <input
          id={id}
          type="range"
          min={0}
          max={last}
          step={1}
          value={last - place}
          aria-valuetext={when}
          onChange={(event) => go(last - Number(event.currentTarget.value))}
        />
        <Button variant="default" disabled={place === 0} onClick={() => go(place - 1)}>
          {t('travel.later')}
        </Button>
      </div>
      <p className="instant-when">
        <b>{when}</b>{' '}
        <span className="muted">
          {t('travel.wrote', { count: instant.records, name: instant.author ?? t('travel.someone') })}
        </span>
      </p>
      {place === 0 ? <p className="small muted">{t('travel.now')}</p> : null}
    </div>
  );
}
