import { Button } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { DifferenceView } from '../../file-view/travel-view.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useSession } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { FieldChanges } from '../file/field-changes.tsx';

interface DifferencesProps {
  readonly patient: string;
  readonly name: string;
  readonly at: number;
  readonly differences: readonly DifferenceView[];
}

/** What has changed since an instant, each with what restoring it would do; what is ticked becomes what it was. */
export function Differences({ patient, name, at, differences }: DifferencesProps) {
  const { t } = useTranslation();
  const session = useSession();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [done, setDone] = useState(0);
  const [isTried, setTried] = useState(false);
  const { isBusy, error, run } = useAttempt();
  const ids = differences.map(({ recordId }) => recordId).filter((id) => chosen.has(id));
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const restore = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (ids.length === 0) return;
    await run(async () => {
      const { id } = await session.engine.desks.travel.restore(patient, at, ids);
      session.saved({ id, what: t('travel.restored'), patient: name });
      setDone(ids.length);
      setChosen(new Set());
      setTried(false);
    });
  };
  const isAll = ids.length === differences.length;
  return (
    <form className="differences" aria-label={t('travel.since')} onSubmit={(event) => void restore(event)}>
      <h2>{t('travel.since')}</h2>
      {done === 0 ? null : <Notice tone="plain">{t('travel.done', { count: done })}</Notice>}
      {differences.length === 0 ? <p className="muted row-text">{t('travel.sinceNone')}</p> : null}
      {differences.length < 2 ? null : (
        <DifferenceBox
          isChosen={isAll}
          onToggle={() => setChosen(isAll ? new Set() : new Set(differences.map(({ recordId }) => recordId)))}
        >
          {t('travel.all')}
        </DifferenceBox>
      )}
      <ul>
        {differences.map((difference) => (
          <li key={difference.recordId}>
            <DifferenceLine
              difference={difference}
              isChosen={chosen.has(difference.recordId)}
              onToggle={() => toggle(difference.recordId)}
            />
          </li>
        ))}
      </ul>
      {differences.length === 0 ? null : (
        <div className="differences-end">
          <p className="small muted">{t('travel.rule')}</p>
          {isTried && ids.length === 0 ? (
            <p className="red row-text" role="alert">
              {t('travel.noneChosen')}
            </p>
          ) : null}
          <Failure error={error} />
          <Button type="submit" loading={isBusy}>
            {t('travel.restore', { count: ids.length })}
          </Button>
        </div>
      )}
    </form>
  );
}

interface LineProps {
  readonly difference: DifferenceView;
  /** How it differs, where it is not by time. */
  readonly told?: string;
  readonly isChosen: boolean;
  readonly onToggle: () => void;
}

interface BoxProps {
  readonly isChosen: boolean;
  readonly onToggle: () => void;
  readonly children: ReactNode;
}

/** A thing that is ticked, with its words. */
export function DifferenceBox({ isChosen, onToggle, children }: BoxProps) {
  return (
    <label className="difference-box">
      <input type="checkbox" checked={isChosen} onChange={onToggle} />
      <span>{children}</span>
    </label>
  );
}

/** What differs of a record; once it is ticked, what restoring it would do. */
export function DifferenceLine({ difference, told, isChosen, onToggle }: LineProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { kind, type, title, when, fields } = difference;
  const day = when === '' ? '' : format.fhirDay(when);
  return (
    <>
      <DifferenceBox isChosen={isChosen} onToggle={onToggle}>
        <b>{title || type}</b> <span className="muted">{told ?? t(`travel.kind.${kind}`)}</span>
        <span className="small muted difference-what">
          {[title === '' ? '' : type, day].filter(Boolean).join(' · ')}
        </span>
      </DifferenceBox>
      {isChosen ? (
        <div className="difference-preview">
          <p className="small muted">{t(`travel.act.${kind}`)}</p>
          {fields.length === 0 ? null : <FieldChanges fields={fields} />}
        </div>
      ) : null}
    </>
  );
}
