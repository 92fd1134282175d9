import type { SessionView } from '@serment/replica/open-sessions';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useEngineEvents, useStatus } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useNow } from '../../ui/now.ts';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useDeviceName } from '../members/member-words.ts';
import { Change, Row } from './row.tsx';

/** Where this person is open now, and closing it from here. */
export function OpenSessions() {
  const { t } = useTranslation();
  const engine = useEngine();
  const deviceName = useDeviceName();
  const { value: open, error, again } = useAsked('sessions', () => engine.desks.devices.openSessions());
  const [said, setSaid] = useState<string | null>(null);
  const attempt = useAttempt();
  const size = useRef(useStatus()?.size);
  useEngineEvents((event) => {
    // Who enters, or leaves from elsewhere, stands in the journal.
    if (event.type !== 'status' || event.status.size === size.current) return;
    size.current = event.status.size;
    again();
  });
  const close = (session: SessionView) =>
    attempt.run(async () => {
      const isClosed = await engine.desks.devices.closeSession(session.session);
      setSaid(t(isClosed ? 'sessions.closed' : 'sessions.gone', { device: deviceName(session) }));
      again();
    });
  const closeOthers = () =>
    attempt.run(async () => {
      await engine.desks.devices.closeOtherSessions();
      setSaid(t('sessions.closedOthers'));
      again();
    });
  const others = open?.filter(({ isThis }) => !isThis) ?? [];
  return (
    <section aria-label={t('sessions.title')}>
      <h2>{t('sessions.title')}</h2>
      {open === null && error === null ? (
        <p className="muted row-text ways-line" role="status">
          {t('ways.loading')}
        </p>
      ) : null}
      {open?.map((session) => (
        <SessionRow
          key={session.session}
          session={session}
          isBusy={attempt.isBusy}
          onClose={() => void close(session)}
        />
      ))}
      {said === null ? null : <Notice tone="plain">{said}</Notice>}
      <Failure error={attempt.error ?? error} />
      {open === null ? null : (
        <p className="muted row-text ways-line">
          {others.length === 0 ? (
            t('sessions.alone')
          ) : (
            <button type="button" className="text-button" disabled={attempt.isBusy} onClick={() => void closeOthers()}>
              {t('sessions.closeOthers')}
            </button>
          )}
        </p>
      )}
      <p className="muted row-text ways-line">
        {t('sessions.instead')} <Link to="/coffre/membres">{t('members.title')}</Link>.
      </p>
    </section>
  );
}

interface SessionRowProps {
  readonly session: SessionView;
  readonly isBusy: boolean;
  readonly onClose: () => void;
}

function SessionRow({ session, isBusy, onClose }: SessionRowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(30_000);
  const device = useDeviceName()(session);
  const facts = [
    ...(session.isThis ? [t('members.this')] : []),
    t('sessions.since', { when: format.moment(session.openedAt, now) }),
    ...(session.isThis ? [] : [t('sessions.used', { ago: format.ago(session.usedAt, now) })]),
  ];
  return (
    <Row title={device} detail={facts.join(' · ')}>
      {session.isThis ? null : (
        <Change label={t('members.actOn', { act: t('sessions.close'), device })} isDisabled={isBusy} onClick={onClose}>
          {t('sessions.close')}
        </Change>
      )}
    </Row>
  );
}
