import { Button } from '@mantine/core';
import type { MemberView } from '@serment/replica/vault';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useStatus } from '../../session/use-session.ts';
import { AskedValue } from '../../ui/asked-value.tsx';
import { BackLink } from '../../ui/back-link.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useNow } from '../../ui/now.ts';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useTitle } from '../../ui/use-title.ts';
import { LeftDrafts } from './left-drafts.tsx';
import { useRoleText } from './member-words.ts';
import { isOver, standingOf } from './standing.ts';
import './members.css';

/** Somebody leaves, has left, or their replacement is over: what they were writing is taken over, their access ends. */
export function DeparturePage() {
  const { t } = useTranslation();
  const engine = useEngine();
  const status = useStatus();
  const { membre = '' }: { membre?: string } = useSearch({ strict: false });
  const asked = useAsked('departure', () => engine.desks.vault.view(), status?.size);
  const [isDone, setDone] = useState(false);
  useTitle(t('members.depart'));
  if (status === null) return null;
  const done = () => {
    setDone(true);
    asked.again();
  };
  return (
    <div className="page members-page invite-page">
      <BackLink to="/coffre/membres">{t('members.title')}</BackLink>
      {status.role !== 'doctor' ? (
        <Notice tone="amber">{t('departure.doctorsOnly')}</Notice>
      ) : (
        <AskedValue asked={asked} loading={t('vault.loading')}>
          {({ members }) => {
            const member = members.find((one) => one.member === membre && one.member !== status.member);
            if (member === undefined) return <Notice tone="amber">{t('error.MEMBER_UNKNOWN')}</Notice>;
            return <Departure member={member} isDone={isDone} onDone={done} />;
          }}
        </AskedValue>
      )}
    </div>
  );
}

interface DepartureProps {
  readonly member: MemberView;
  /** Whether the access was taken away on this page. */
  readonly isDone: boolean;
  readonly onDone: () => void;
}

function Departure({ member, isDone, onDone }: DepartureProps) {
  const { t } = useTranslation();
  const roleText = useRoleText();
  const now = useNow(60_000);
  const name = member.name ?? t('file.someone');
  const isIn = standingOf(member) === 'in';
  const hasEnded = isOver(member, now);
  return (
    <>
      <h1>{t(isIn ? 'departure.title' : 'departure.titleOut', { name })}</h1>
      <p className="muted members-lead">{roleText(member.role)}</p>
      {isIn && hasEnded ? <p className="amber row-text">{t('members.over')}</p> : null}
      {isDone ? <Notice tone="plain">{t('members.departing.done', { name })}</Notice> : null}
      <LeftDrafts member={member.member} name={name} isLive={isIn && !hasEnded} />
      {isIn ? <Ending member={member} onDone={onDone} /> : null}
    </>
  );
}

/** What is about to end for good, said before it is done: nobody can take it back. */
function Ending({ member, onDone }: { readonly member: MemberView; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { isBusy, error, run } = useAttempt();
  const end = () =>
    run(async () => {
      await engine.desks.members.remove(member.member);
      onDone();
    });
  return (
    <section className="departure-end" aria-label={t('members.departing.confirm')}>
      <h2>{t('members.departing.confirm')}</h2>
      <ul className="consequences">
        <li>{t('members.departing.access')}</li>
        <li>{t('departure.unsent')}</li>
        <li>{t('members.newKeys')}</li>
        <li>{t('members.departing.stays')}</li>
        <li>
          <b>{t('members.departing.kept')}</b>
        </li>
      </ul>
      <p className="muted row-text">
        {t('departure.kit')} <Link to="/coffre">{t('departure.kitGo')}</Link>
      </p>
      {member.role === 'doctor' ? null : <p className="muted row-text">{t('members.departing.instead')}</p>}
      <Failure error={error}>{t('members.goOn')}</Failure>
      <div className="step-actions">
        <Button loading={isBusy} onClick={() => void end()}>
          {t('members.departing.confirm')}
        </Button>
        <span className="row-text muted" role="status">
          {isBusy ? t('members.ending') : ''}
        </span>
      </div>
    </section>
  );
}
