import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { newPatientApart } from '../../file-view/draft-key.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import type { LeftDraftView } from '../../worker/members-desk.ts';
import { personName, safeName } from '../patients/person.tsx';
import { type LeftLine, leftLine } from './left-line.ts';

interface LeftDraftsProps {
  /** In hexadecimal. */
  readonly member: string;
  readonly name: string;
  /** Whether the member may be typing still. */
  readonly isLive: boolean;
}

const refreshMs = 8000;

/** What a member was writing and did not save: a doctor makes it their own, beside what they write themselves. */
export function LeftDrafts({ member, name, isLive }: LeftDraftsProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { value: left, error, again } = useAsked(`left ${member}`, () => engine.desks.members.leftDrafts(member));
  const [taken, setTaken] = useState<readonly LeftDraftView[]>([]);
  const { isBusy, error: failure, run } = useAttempt();
  useEffect(() => {
    if (!isLive) return undefined;
    const timer = setInterval(again, refreshMs);
    return () => clearInterval(timer);
  }, [isLive, again]);
  // What another one took over meanwhile is heard of by asking again.
  const known = new Set(taken.map(({ key }) => key));
  const drafts = (left?.drafts ?? []).filter(({ key }) => !known.has(key));
  const ready = drafts.filter((draft) => leftLine(draft).canTake);
  const take = (wanted: readonly LeftDraftView[]) =>
    run(async () => {
      try {
        for (const draft of wanted) {
          await engine.desks.members.takeDraft(member, draft.key);
          setTaken((before) => [...before, draft]);
        }
      } finally {
        again();
      }
    });
  return (
    <section className="left-drafts" aria-label={t('departure.drafts', { name })}>
      <div className="left-head">
        <h2>{t('departure.drafts', { name })}</h2>
        {ready.length < 2 ? null : (
          <Button variant="default" loading={isBusy} onClick={() => void take(ready)}>
            {t('departure.takeAll', { count: ready.length })}
          </Button>
        )}
      </div>
      <p className="muted row-text">{t('departure.draftsLead')}</p>
      <Failure error={error} />
      {left === null && error === null ? (
        <p className="muted row-text" role="status">
          {t('departure.reading')}
        </p>
      ) : null}
      {left !== null && drafts.length === 0 && taken.length === 0 ? (
        <p className="left-none muted">{t('departure.none')}</p>
      ) : null}
      {drafts.length === 0 ? null : (
        <ul className="left-list">
          {drafts.map((draft) => (
            <LeftRow key={draft.key} draft={draft} isBusy={isBusy} onTake={() => void take([draft])} />
          ))}
        </ul>
      )}
      {left === null || left.unreadable === 0 ? null : (
        <Notice tone="amber">{t('departure.unreadable', { count: left.unreadable })}</Notice>
      )}
      <Failure error={failure}>{t('departure.goOn')}</Failure>
      <TakenList taken={taken} />
    </section>
  );
}

interface LeftRowProps {
  readonly draft: LeftDraftView;
  readonly isBusy: boolean;
  readonly onTake: () => void;
}

function LeftRow({ draft, isBusy, onTake }: LeftRowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const who = useDraftSubject();
  const line = leftLine(draft);
  const { patient, updatedAt } = draft;
  const subject = who(draft, line);
  const when = t('time.at', { day: format.day(updatedAt), time: format.time(updatedAt) });
  const facts = [t(`departure.kind.${line.kind}`), t('departure.typed', { when })];
  return (
    <li className="member-device">
      <div>
        <p>
          <span className="name">{subject}</span> <span className="muted">· {facts.join(' · ')}</span>
        </p>
        {line.text === '' ? null : <p className="left-text">{line.text}</p>}
        {line.obstacle === null ? null : <p className="amber">{t(`departure.${line.obstacle}`)}</p>}
      </div>
      <div className="member-acts">
        {line.obstacle === 'restricted' && patient !== null ? (
          <Link to="/patients/$id" params={{ id: patient.slice('Patient/'.length) }}>
            {t('newPatient.openIt')}
          </Link>
        ) : null}
        {line.canTake ? (
          <button
            type="button"
            className="text-button"
            disabled={isBusy}
            aria-label={t('departure.takeOne', { who: subject })}
            onClick={onTake}
          >
            {t('departure.take')}
          </button>
        ) : null}
      </div>
    </li>
  );
}

/** What is the doctor's own from here on, with the way to it. */
function TakenList({ taken }: { readonly taken: readonly LeftDraftView[] }) {
  const { t } = useTranslation();
  const who = useDraftSubject();
  if (taken.length === 0) return null;
  return (
    <div className="left-taken">
      <p role="status">{t('departure.taken', { count: taken.length })}</p>
      <ul>
        {taken.map((draft) => (
          <li key={draft.key} className="row-text">
            {draft.patient === null ? (
              <Link to="/nouveau-patient" search={{ brouillon: newPatientApart(draft.key) ?? '' }}>
                {who(draft, leftLine(draft))}
              </Link>
            ) : (
              <Link to="/patients/$id" params={{ id: draft.patient.slice('Patient/'.length) }}>
                {who(draft, leftLine(draft))}
              </Link>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Whose file a draft is of, in words. */
function useDraftSubject(): (draft: LeftDraftView, line: LeftLine) => string {
  const { t } = useTranslation();
  return ({ row, patient }, { about, kind }) => {
    const known = row ?? about;
    if (known !== null) return safeName(personName(known)) || t('patients.unnamed');
    if (patient === null && kind === 'deposit') return t('deposits.noPatient');
    return t(patient === null ? 'patients.unnamed' : 'departure.patientUnknown');
  };
}
