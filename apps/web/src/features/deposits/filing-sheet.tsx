import { Textarea } from '@mantine/core';
import type { DepositView } from '@serment/replica/deposits';
import type { PatientRow } from '@serment/replica/directory';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useSession } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { FormEnd } from '../../ui/form-end.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { personName, safeName, useBirthText, useNameOrNone } from '../patients/person.tsx';
import { DepositContent } from './deposit-entry.tsx';
import { PatientChoice } from './patient-choice.tsx';

interface FilingSheetProps {
  readonly deposit: DepositView;
  readonly onClose: () => void;
  readonly onFiled: (patient: PatientRow) => void;
}

/** What a deposit says, in whose file it goes, and what the desk is to say. */
export function FilingSheet({ deposit, onClose, onFiled }: FilingSheetProps) {
  const { t } = useTranslation();
  const session = useSession();
  const nameOf = useNameOrNone();
  const birthOf = useBirthText();
  const [patient, setPatient] = useState(deposit.patient);
  const [isChoosing, setChoosing] = useState(deposit.patient === null);
  const [say, setSay] = useState('');
  const [isTried, setTried] = useState(false);
  const { isBusy, error, run } = useAttempt();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (patient === null || isChoosing) return;
    await run(async () => {
      const { author, id } = deposit;
      const filing = { patient: patient.id, say: say.trim() === '' ? null : say.trim() };
      const saved = await session.engine.desks.deposits.file({ author, id }, filing);
      session.saved({ id: saved.id, what: t('deposits.filedSave'), patient: safeName(personName(patient)) });
      onFiled(patient);
    });
  };
  const choose = (row: PatientRow) => {
    setPatient(row);
    setChoosing(false);
  };
  return (
    <Sheet title={t('deposits.filingTitle')} isBusy={isBusy} onClose={onClose}>
      <form className="deposit-sheet" onSubmit={(event) => void send(event)}>
        <DepositContent deposit={deposit} />
        <div className="deposit-whose">
          {patient === null || isChoosing ? (
            <PatientChoice onChoose={choose} />
          ) : (
            <p>
              {t('deposits.whose')} <b>{nameOf(patient)}</b> <span className="muted">{birthOf(patient)}</span>{' '}
              <button type="button" className="text-button" onClick={() => setChoosing(true)}>
                {t('deposits.otherPatient')}
              </button>
            </p>
          )}
          {isTried && (patient === null || isChoosing) ? (
            <p className="red" role="alert">
              {t('deposits.patientMissing')}
            </p>
          ) : null}
        </div>
        <Textarea
          label={t('deposits.say')}
          description={t('deposits.sayHint')}
          autosize
          minRows={2}
          maxRows={5}
          maxLength={500}
          value={say}
          onChange={(event) => setSay(event.currentTarget.value)}
        />
        <FormEnd
          error={error}
          isBusy={isBusy}
          isReady={deposit.problem === null}
          submit={
            patient === null || isChoosing ? t('deposits.fileIn') : t('deposits.fileInOf', { name: nameOf(patient) })
          }
          onCancel={onClose}
        />
      </form>
    </Sheet>
  );
}
