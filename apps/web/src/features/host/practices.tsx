import { Button } from '@mantine/core';
import { bytesToHex } from '@serment/core/bytes';
import type { HostedPractice, HostView, OperatorSession } from '@serment/core/wire/operator';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useTitle } from '../../ui/use-title.ts';
import { codeOf } from '../../worker/carried-error.ts';
import { type Act, ActSheet } from './act-sheet.tsx';
import { HostHealth } from './health.tsx';
import { hostClient } from './host-client.ts';
import { PracticeRow } from './practice-row.tsx';

interface TableProps {
  readonly session: OperatorSession;
  /** True when the session ended by itself. */
  readonly onEnd: (ended: boolean) => void;
}

/** The practices that this host keeps, by their pseudonyms, and the two acts that an operator has. */
export function HostedTable({ session, onEnd }: TableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { token, name } = session;
  const [view, setView] = useState<HostView | null>(null);
  const [act, setAct] = useState<Act | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const { isBusy, error, run } = useAttempt();
  const endIfOver = (failure: unknown) => {
    if (codeOf(failure) === 'OPERATOR_SESSION_REQUIRED') onEnd(true);
  };
  const read = () => run(async () => setView(await hostClient.view(token)), endIfOver);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read once for each session, then when it is asked for.
  useEffect(() => void read(), [token]);
  useTitle(t('operators.title'));
  const leave = () => {
    // What is left behind ends by itself: nobody waits for it.
    hostClient.leave(token).catch(() => undefined);
    onEnd(false);
  };
  const done = useCallback((words: string) => {
    setAct(null);
    setSaid(words);
  }, []);
  const rest = view === null ? 0 : view.count - view.practices.length;
  return (
    <>
      <div className="host-top">
        <div>
          <h1>{t('operators.title')}</h1>
          <p className="muted row-text">{t('operators.signedIn', { name })}</p>
        </div>
        <div className="host-actions">
          <Button variant="default" loading={isBusy} onClick={() => void read()}>
            {t('operators.refresh')}
          </Button>
          <Button variant="quiet" onClick={leave}>
            {t('operators.leave')}
          </Button>
        </div>
      </div>
      {said === null ? null : <Notice tone="plain">{said}</Notice>}
      <Failure error={error} />
      {view === null ? (
        isBusy ? (
          <p className="muted" role="status">
            {t('operators.loading')}
          </p>
        ) : null
      ) : (
        <>
          <HostHealth view={view} />
          <section aria-label={t('operators.practices', { count: view.count })}>
            <h2>{t('operators.practices', { count: view.count })}</h2>
            {rest > 0 ? (
              <p className="muted row-text">{t('operators.shown', { count: view.practices.length })}</p>
            ) : null}
            {view.practices.length === 0 ? (
              <p className="empty">{t('operators.empty')}</p>
            ) : (
              <Practices practices={view.practices} nowMs={view.time} onAct={setAct} />
            )}
          </section>
          <p className="faint small">{t('operators.readAt', { time: format.clock(view.time) })}</p>
        </>
      )}
      {act === null ? null : (
        <ActSheet act={act} session={session} onDone={done} onClose={() => setAct(null)} onFailure={endIfOver} />
      )}
    </>
  );
}

interface PracticesProps {
  readonly practices: readonly HostedPractice[];
  readonly nowMs: number;
  readonly onAct: (act: Act) => void;
}

function Practices({ practices, nowMs, onAct }: PracticesProps) {
  const { t } = useTranslation();
  const heads = ['practice', 'created', 'entries', 'size', 'written', 'alarms', 'copies', 'acts'] as const;
  return (
    <table className="host-table">
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col" data-column={head}>
              {t(`operators.${head}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {practices.map((one) => (
          <PracticeRow key={bytesToHex(one.practice)} hosted={one} nowMs={nowMs} onAct={onAct} />
        ))}
      </tbody>
    </table>
  );
}
