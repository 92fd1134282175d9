import type { DepositView } from '@serment/replica/deposits';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useNow } from '../../ui/now.ts';
import { useAttempt } from '../../ui/use-attempt.ts';
import { safeName, useNameOrNone } from '../patients/person.tsx';
import { SaveStateMark } from '../shell/save-state.tsx';

/** What browsers show as a picture, and nothing that they run. */
const shownTypes = new Set(['image/jpeg', 'image/png']);

interface DepositEntryProps {
  readonly deposit: DepositView;
  /** Where it is, for who made it; what reads it has it from the host. */
  readonly hasState?: boolean;
  readonly children?: ReactNode;
}

/** One deposit: for whom, by whom, when, and what it says. */
export function DepositEntry({ deposit, hasState = false, children }: DepositEntryProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(30_000);
  const nameOf = useNameOrNone();
  const patient = deposit.patient === null ? t('deposits.noPatient') : nameOf(deposit.patient);
  const about = t('deposits.by', { who: deposit.name ?? t('file.someone'), when: format.moment(deposit.at, now) });
  return (
    <li className="deposit">
      <div className="deposit-head">
        <b className="deposit-name">{patient}</b>
        <span className="muted">{about}</span>
        {hasState ? <SaveStateMark state={deposit.state} savedAt={deposit.at} /> : null}
      </div>
      <DepositContent deposit={deposit} />
      {children}
    </li>
  );
}

/** The message and the document, or why they are not shown. */
export function DepositContent({ deposit }: { readonly deposit: DepositView }) {
  const { t } = useTranslation();
  const { problem, patient } = deposit;
  if (problem === 'UNREACHABLE') return <Notice tone="amber">{t('deposits.offline')}</Notice>;
  if (problem === 'KEYS_PENDING') return <Notice tone="amber">{t('deposits.keysPending')}</Notice>;
  if (problem === 'PATIENT_RESTRICTED')
    return (
      <Notice
        tone="amber"
        action={
          patient === null ? undefined : (
            <Link to="/patients/$id" params={{ id: patient.id.slice('Patient/'.length) }}>
              {t('deposits.openFile')}
            </Link>
          )
        }
      >
        {t('deposits.restricted')}
      </Notice>
    );
  if (problem !== null) return <Notice tone="red">{t('deposits.unreadable', { problem })}</Notice>;
  return (
    <>
      {deposit.text === '' ? null : <p className="deposit-text">{deposit.text}</p>}
      {deposit.document === null ? null : <DepositDocument deposit={deposit} document={deposit.document} />}
    </>
  );
}

interface DepositDocumentProps {
  readonly deposit: DepositView;
  readonly document: NonNullable<DepositView['document']>;
}

function DepositDocument({ deposit, document }: DepositDocumentProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const engine = useEngine();
  const { isBusy, error, run } = useAttempt();
  const [opened, setOpened] = useState<Blob | null>(null);
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (opened === null) return undefined;
    const made = URL.createObjectURL(opened);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [opened]);
  const { author, id } = deposit;
  const open = () =>
    run(async () => {
      const bytes = await engine.desks.deposits.document({ author, id });
      // Whatever its author called it, nothing but a picture is given a type that a browser acts upon.
      const type = shownTypes.has(bytes.type) ? bytes.type : 'application/octet-stream';
      setOpened(new Blob([bytes], { type }));
    });
  const name = safeName(document.name) || t('deposits.document');
  return (
    <div className="deposit-document">
      <p className="row-text">
        {name} <span className="muted">{t('deposits.size', { size: format.size(document.size) })}</span>{' '}
        {address === null ? (
          <button type="button" className="text-button" disabled={isBusy} onClick={() => void open()}>
            {t(isBusy ? 'deposits.openingDocument' : 'deposits.openDocument')}
          </button>
        ) : (
          <a href={address} download={name}>
            {t('deposits.download')}
          </a>
        )}
      </p>
      {address !== null && shownTypes.has(document.mediaType) ? <img src={address} alt={name} /> : null}
      <Failure error={error} />
    </div>
  );
}
