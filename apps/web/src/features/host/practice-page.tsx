import { Button } from '@mantine/core';
import { operatorActions, parseOperatorDetail } from '@serment/core/journal/operator-act';
import type { PracticeDetail } from '@serment/core/wire/console';
import { useState } from 'react';
import { BackAnchor } from '../../ui/back-anchor.tsx';
import { Notice } from '../../ui/notice.tsx';
import { safeName } from '../patients/person.tsx';
import { CodeWords } from './code-words.tsx';
import { linkTo } from './console-place.ts';
import { useConsole } from './console-session.ts';
import { shortened, useConsoleWords } from './console-words.ts';
import { Heads } from './heads.tsx';
import { LagChart, SizeChart } from './history-charts.tsx';
import { hostClient } from './host-client.ts';
import { PageFrame } from './page-frame.tsx';
import { CopyState, Restored, Verified } from './practices-page.tsx';
import { RunList } from './run-list.tsx';
import { useView } from './use-view.ts';

/** How far back, and how far apart its samples stand, in minutes. */
const spans = [
  ['days', 5],
  ['month', 60],
  ['years', 1440],
] as const;

/** One practice: its copies, how large it was and how far behind they were, its trial restorations, and what was done to it. */
export function PracticePage({ practice }: { readonly practice: string }) {
  const { t } = useConsoleWords();
  const { session } = useConsole();
  const [step, setStep] = useState<number>(5);
  const view = useView(`practice ${practice}?${step}`, () => hostClient.practice(session.token, practice, step));
  return (
    <>
      <BackAnchor {...linkTo({ page: 'practices' })}>{t('console.page.practices')}</BackAnchor>
      <PageFrame title={t('console.practiceTitle', { practice: shortened(practice) })} view={view}>
        {(detail) => (
          <>
            <Identity detail={detail} name={practice} />
            <Copies detail={detail} />
            <section>
              <div className="console-section-head">
                <h2>{t('console.history')}</h2>
                <fieldset className="console-spans" aria-label={t('console.span')}>
                  {spans.map(([name, value]) => (
                    <button key={name} type="button" aria-pressed={value === step} onClick={() => setStep(value)}>
                      {t(`console.spans.${name}`)}
                    </button>
                  ))}
                </fieldset>
              </div>
              <div className="console-charts">
                <SizeChart sizes={detail.sizes} nowMs={detail.time} />
                <LagChart lags={detail.lags} nowMs={detail.time} />
              </div>
            </section>
            <div className="console-columns">
              <section>
                <h2>{t('console.page.drills')}</h2>
                <RunList runs={detail.drills} pending={detail.pending} nowMs={detail.time} />
              </section>
              <Acts detail={detail} />
            </div>
          </>
        )}
      </PageFrame>
    </>
  );
}

interface DetailProps {
  readonly detail: PracticeDetail;
}

function Identity({ detail: { practice, time }, name }: DetailProps & { readonly name: string }) {
  const { t, format, size } = useConsoleWords();
  const { ask } = useConsole();
  const { created, entries, bytes, documentBytes, growth, written, alarms, suspended } = practice;
  const act = (kind: 'close' | 'suspend' | 'resume') => ask({ kind, practice: practice.practice, copy: '' });
  return (
    <section aria-label={t('console.figures')} className="console-identity">
      <p>
        <code className="secret">{name}</code>
      </p>
      {suspended === null ? null : (
        <Notice tone="amber" title={t('console.suspendedSince', { when: format.moment(suspended, time) })}>
          {t('console.suspendedDetail')}
        </Notice>
      )}
      <ul className="host-health">
        <li>{t('console.createdOn', { day: format.day(created) })}</li>
        <li>{t('console.weigh', { count: entries, size: size(bytes) })}</li>
        <li>{t('console.ofDocuments', { size: size(documentBytes) })}</li>
        <li>{t('console.grew', { size: size(growth) })}</li>
        <li>{t('console.wroteAt', { when: format.moment(written, time) })}</li>
        <li className={alarms > 0 ? 'amber' : ''}>{t('console.alarmCount', { count: alarms })}</li>
      </ul>
      <div className="host-actions">
        <Button variant="default" onClick={() => act(suspended === null ? 'suspend' : 'resume')}>
          {t(suspended === null ? 'console.suspend' : 'console.resume')}
        </Button>
        <Button variant="default" onClick={() => act('close')}>
          {t('operators.close')}
        </Button>
      </div>
    </section>
  );
}

const heads = ['copy', 'state', 'held', 'restored', 'verified', 'acts'] as const;

function Copies({ detail: { practice, time } }: DetailProps) {
  const { t, format } = useConsoleWords();
  const { ask } = useConsole();
  const { copies } = practice;
  return (
    <section>
      <h2>{t('console.page.copies')}</h2>
      {copies.length === 0 ? (
        <p className="empty">{t('console.noCopies')}</p>
      ) : (
        <table className="host-table">
          <Heads names={heads} />
          <tbody>
            {copies.map((copy) => (
              <tr key={copy.name}>
                <th scope="row">
                  <b>{copy.name}</b>
                </th>
                <td data-label={t('console.head.state')}>
                  <span>
                    <CopyState copy={copy} /> {copy.error === null ? null : <CodeWords code={copy.error} />}
                  </span>
                </td>
                <td data-label={t('console.head.held')} data-column="held">
                  {t('console.heldOf', { held: format.number(copy.size), all: format.number(practice.entries) })}
                </td>
                <td data-label={t('console.head.restored')}>
                  <Restored copy={copy} nowMs={time} />
                </td>
                <td data-label={t('console.head.verified')}>
                  <Verified copy={copy} nowMs={time} />
                </td>
                <td data-label={t('console.head.acts')}>
                  {copy.size === 0 ? null : (
                    <span className="console-acts">
                      {(['drill', 'verify'] as const).map((kind) => (
                        <button
                          key={kind}
                          type="button"
                          className="text-button"
                          aria-label={t(`console.act.${kind}.of`, { copy: copy.name })}
                          onClick={() => ask({ kind, practice: practice.practice, copy: copy.name })}
                        >
                          {t(`console.act.${kind}.do`)}
                        </button>
                      ))}
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Acts({ detail: { acts, time } }: DetailProps) {
  const { t, format } = useConsoleWords();
  return (
    <section>
      <h2>{t('console.actsDone')}</h2>
      {acts.length === 0 ? <p className="empty">{t('console.noActs')}</p> : null}
      <ul className="console-list">
        {acts.map(({ at, action, detail }) => {
          const { operator, subject } = parseOperatorDetail(detail);
          const known = operatorActions.find((one) => one === action);
          return (
            <li key={`${at} ${action} ${detail}`}>
              <span>
                {known === undefined
                  ? safeName(action)
                  : t(`console.traced.${known}`, { copy: safeName(subject ?? '') })}
                <span className="muted"> · {safeName(operator)}</span>
              </span>
              <span className="muted nowrap">{format.moment(at, time)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
