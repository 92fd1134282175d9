import { Button } from '@mantine/core';
import type { DepositProgress, DepositView } from '@serment/replica/deposits';
import type { PatientRow } from '@serment/replica/directory';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useNow } from '../../ui/now.ts';
import { useTitle } from '../../ui/use-title.ts';
import { useNameOrNone } from '../patients/person.tsx';
import { ScannedBatches } from '../scanned/batches.tsx';
import { DepositEntry } from './deposit-entry.tsx';
import { DepositSheet } from './deposit-sheet.tsx';
import { FilingSheet } from './filing-sheet.tsx';
import { RejectingSheet } from './rejecting-sheet.tsx';
import { ToSay } from './to-say.tsx';
import { useDepositPart, useFollowed } from './use-deposits.ts';
import './deposits.css';

/** What waits to be filed; for a desk, what it is to say and what it deposited. */
export function DepositsPage() {
  const { t } = useTranslation();
  const part = useDepositPart();
  const title = t(part === 'files' ? 'deposits.title' : 'deposits.deskTitle');
  useTitle(title);
  if (part === 'files')
    return (
      <div className="page deposits-page">
        <DepositsToFile title={title} isPage />
      </div>
    );
  if (part === 'deposits') return <Desk title={title} />;
  return (
    <div className="page deposits-page">
      <h1>{title}</h1>
      <p className="muted">{t('error.COMPARTMENT_CLOSED')}</p>
    </div>
  );
}

interface DepositsToFileProps {
  readonly title: string;
  /** Alone, and not one part of what arrived: then it says so where nothing waits. */
  readonly isPage?: boolean;
}

/** The deposits that nobody filed yet. */
export function DepositsToFile({ title, isPage = false }: DepositsToFileProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const nameOf = useNameOrNone();
  const { value, error, again } = useFollowed('open deposits', () => engine.desks.deposits.open());
  const [filing, setFiling] = useState<DepositView | null>(null);
  const [done, setDone] = useState<PatientRow | null>(null);
  if (!isPage && value?.length === 0 && done === null) return null;
  const Heading = isPage ? 'h1' : 'h2';
  return (
    <section className="deposits-part" aria-label={title}>
      <Heading>{title}</Heading>
      <p className="muted deposits-lead">{t('deposits.lead')}</p>
      {done === null ? null : (
        <Notice
          tone="plain"
          action={
            <Link to="/patients/$id" params={{ id: done.id.slice('Patient/'.length) }}>
              {t('deposits.openFile')}
            </Link>
          }
        >
          {t('deposits.filed', { name: nameOf(done) })}
        </Notice>
      )}
      <Listed items={value} error={error} empty={t('deposits.noneToFile')}>
        {(deposit) => (
          <DepositEntry key={`${deposit.author}${deposit.id}`} deposit={deposit}>
            <Acts deposit={deposit} onFile={() => setFiling(deposit)} onRejected={again} />
          </DepositEntry>
        )}
      </Listed>
      {filing === null ? null : (
        <FilingSheet
          deposit={filing}
          onClose={() => setFiling(null)}
          onFiled={(patient) => {
            setFiling(null);
            setDone(patient);
            again();
          }}
        />
      )}
    </section>
  );
}

interface ActsProps {
  readonly deposit: DepositView;
  readonly onFile: () => void;
  readonly onRejected: () => void;
}

/** What may be done with a deposit: nothing, while the host alone keeps it from being read. */
function Acts({ deposit, onFile, onRejected }: ActsProps) {
  const { t } = useTranslation();
  const [isRejecting, setRejecting] = useState(false);
  const { problem } = deposit;
  if (problem !== null && problem !== 'PAYLOAD_UNREADABLE') return null;
  return (
    <div>
      <Button variant="default" onClick={problem === null ? onFile : () => setRejecting(true)}>
        {t(problem === null ? 'deposits.fileOne' : 'deposits.reject')}
      </Button>
      {isRejecting ? (
        <RejectingSheet
          deposit={deposit}
          onClose={() => setRejecting(false)}
          onDone={() => {
            setRejecting(false);
            onRejected();
          }}
        />
      ) : null}
    </div>
  );
}

function Desk({ title }: { readonly title: string }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const left = useFollowed('left to do', () => engine.desks.deposits.progress(null));
  const own = useFollowed('own deposits', () => engine.desks.deposits.own());
  const [isDepositing, setDepositing] = useState(false);
  const rejected = (left.value ?? []).filter(({ status }) => status === 'rejected');
  const toSay = left.value?.filter(({ status }) => status !== 'rejected') ?? null;
  return (
    <div className="page deposits-page">
      <div className="deposits-head">
        <h1>{title}</h1>
        <Button onClick={() => setDepositing(true)}>{t('deposits.deposit')}</Button>
      </div>
      <ScannedBatches />
      {rejected.length === 0 ? null : (
        <section>
          <h2>{t('deposits.again')}</h2>
          <ul className="deposit-list">
            {rejected.map((one) => (
              <RejectedDeposit key={one.id} rejected={one} />
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>{t('deposits.toSay')}</h2>
        <Listed items={toSay} error={left.error} empty={t('deposits.nothingToSay')}>
          {(told) => <ToSay key={told.id} told={told} hasName onSaid={left.again} />}
        </Listed>
      </section>
      <section>
        <h2>{t('deposits.own')}</h2>
        <p className="muted deposits-lead">{t('deposits.ownRule')}</p>
        <Listed items={own.value} error={own.error} empty={t('deposits.noneOwn')}>
          {(deposit) => <DepositEntry key={deposit.id} deposit={deposit} hasState />}
        </Listed>
      </section>
      {isDepositing ? (
        <DepositSheet
          patient={null}
          onClose={() => {
            setDepositing(false);
            own.again();
          }}
        />
      ) : null}
    </div>
  );
}

/** What opened to nobody, and is to be deposited again. */
function RejectedDeposit({ rejected: { patient, name, at, status } }: { readonly rejected: DepositProgress }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(30_000);
  const nameOf = useNameOrNone();
  return (
    <li className="deposit">
      <b className="deposit-name">{patient === null ? t('deposits.noPatient') : nameOf(patient)}</b>
      <p className="amber row-text">
        {t(`deposits.is.${status}`, { who: name ?? t('file.someone'), when: format.moment(at, now) })}
      </p>
    </li>
  );
}

interface ListedProps<Item> {
  /** Null while it is read. */
  readonly items: readonly Item[] | null;
  readonly error: unknown;
  readonly empty: string;
  readonly children: (item: Item) => ReactNode;
}

function Listed<Item>({ items, error, empty, children }: ListedProps<Item>) {
  const { t } = useTranslation();
  return (
    <>
      <Failure error={error} />
      {items === null && error === null ? (
        <p className="muted row-text" role="status">
          {t('deposits.loading')}
        </p>
      ) : null}
      {items?.length === 0 ? <p className="muted deposits-empty">{empty}</p> : null}
      <ul className="deposit-list">{(items ?? []).map(children)}</ul>
    </>
  );
}
