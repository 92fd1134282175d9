import { Button } from '@mantine/core';
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useNow } from '../../ui/now.ts';
import { PrintSheetLink } from '../scanned/print-sheet-link.tsx';
import { SaveStateMark } from '../shell/save-state.tsx';
import { DepositEntry } from './deposit-entry.tsx';
import { DepositSheet } from './deposit-sheet.tsx';
import { ToSay } from './to-say.tsx';
import { useDepositPart, useFollowed } from './use-deposits.ts';
import './deposits.css';

interface FileDepositsProps {
  readonly patient: string;
  readonly patientName: string;
}

/** In the file as a desk sees it: what it lets in for this patient, how far that is, and what it is to say. */
export function FileDeposits({ patient, patientName }: FileDepositsProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const mayDeposit = useDepositPart() === 'deposits';
  const own = useFollowed(`own ${patient}`, async () =>
    mayDeposit ? (await engine.desks.deposits.own()).filter((deposit) => deposit.patient?.id === patient) : [],
  );
  const [isDepositing, setDepositing] = useState(false);
  return (
    <section className="file-deposits" aria-label={t('deposits.deskTitle')}>
      {mayDeposit ? (
        <p className="deposits-acts">
          <Button onClick={() => setDepositing(true)}>{t('deposits.deposit')}</Button>
          <PrintSheetLink patient={patient} />
        </p>
      ) : null}
      <DepositProgressList patient={patient} />
      <Failure error={own.error} />
      {(own.value ?? []).length === 0 ? null : (
        <>
          <h2>{t('deposits.own')}</h2>
          <p className="muted deposits-lead">{t('deposits.ownRule')}</p>
          <ul className="deposit-list">
            {(own.value ?? []).map((deposit) => (
              <DepositEntry key={deposit.id} deposit={deposit} hasState />
            ))}
          </ul>
        </>
      )}
      {isDepositing ? (
        <DepositSheet
          patient={{ id: patient, name: patientName }}
          onClose={() => {
            setDepositing(false);
            own.again();
          }}
        />
      ) : null}
    </section>
  );
}

/** How far each deposit for this patient is; nothing where there was none. */
function DepositProgressList({ patient }: Pick<FileDepositsProps, 'patient'>) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(30_000);
  const engine = useEngine();
  const { value, error, again } = useFollowed(`deposits of ${patient}`, () => engine.desks.deposits.progress(patient));
  const states = value ?? [];
  const told = states.filter(({ say }) => say !== null);
  return (
    <>
      <Failure error={error} />
      {told.length === 0 ? null : (
        <>
          <h2>{t('deposits.toSay')}</h2>
          <ul className="deposit-list">
            {told.map((one) => (
              <ToSay key={one.id} told={one} onSaid={again} />
            ))}
          </ul>
        </>
      )}
      {states.length === 0 ? null : (
        <>
          <h2>{t('deposits.progress')}</h2>
          <ul className="deposit-states">
            {states.map((one) => (
              <li key={one.id}>
                {t(`deposits.is.${one.status}`, {
                  who: one.name ?? t('file.someone'),
                  when: format.moment(one.at, now),
                })}{' '}
                <SaveStateMark state={one.state} savedAt={one.at} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
