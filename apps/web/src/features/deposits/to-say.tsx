import type { DepositProgress } from '@serment/replica/deposits';
import { Link } from '@tanstack/react-router';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useSession } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useNow } from '../../ui/now.ts';
import { useAttempt } from '../../ui/use-attempt.ts';
import { personName, safeName, useNameOrNone } from '../patients/person.tsx';

interface ToSayProps {
  readonly told: DepositProgress;
  /** Beside others' of other patients. */
  readonly hasName?: boolean;
  readonly onSaid: () => void;
}

/** What a patient is to be told, until somebody did. */
export function ToSay({ told, hasName = false, onSaid }: ToSayProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(30_000);
  const nameOf = useNameOrNone();
  const session = useSession();
  const { isBusy, error, run } = useAttempt();
  const { patient, say, isSaid } = told;
  const mark = () =>
    run(async () => {
      const { id } = await session.engine.desks.deposits.said(told.id);
      const name = patient === null ? t('deposits.noPatient') : safeName(personName(patient));
      session.saved({ id, what: t('deposits.saidSave'), patient: name });
      onSaid();
    });
  if (say === null) return null;
  const who = { who: told.name ?? t('file.someone'), when: format.moment(told.at, now) };
  return (
    <li className="deposit">
      {hasName && patient !== null ? (
        <div className="deposit-head">
          <b className="deposit-name">
            <Link to="/patients/$id" params={{ id: patient.id.slice('Patient/'.length) }}>
              {nameOf(patient)}
            </Link>
          </b>
        </div>
      ) : null}
      <p className="deposit-text">{t('deposits.quote', { say })}</p>
      <p className="row-text">
        <span className="muted">{t(isSaid ? 'deposits.saidBy' : 'deposits.askedBy', who)}</span>{' '}
        {isSaid ? null : (
          <button type="button" className="text-button" disabled={isBusy} onClick={() => void mark()}>
            {t('deposits.said')}
          </button>
        )}
      </p>
      <Failure error={error} />
    </li>
  );
}
