import { Button, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { personName, safeName } from '../patients/person.tsx';
import './access.css';

interface RestrictedFileProps {
  readonly patient: string;
  /** The file may be read now. */
  readonly onOpen: () => void;
}

const maxBytes = 512;

/** A file that is kept for others: opened with a reason, which is signed and shown. */
export function RestrictedFile({ patient, onOpen }: RestrictedFileProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { value: row } = useAsked(`row ${patient}`, () => engine.patient(patient));
  const [reason, setReason] = useState('');
  const [isTried, setTried] = useState(false);
  const { isBusy, error, run } = useAttempt();
  const problem = problemOf(reason);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (problem !== null) return;
    await run(async () => {
      await engine.desks.access.breakGlass(patient, reason);
      onOpen();
    });
  };
  return (
    <form className="page-pad restricted-file" onSubmit={(event) => void send(event)}>
      <p className="restricted-mark amber">{t('file.access.door')}</p>
      <h1>{row === null ? '' : safeName(personName(row))}</h1>
      <p>{t('file.access.doorText')}</p>
      <Textarea
        label={t('file.access.reason')}
        description={t('file.access.reasonHint')}
        autosize
        minRows={2}
        maxRows={6}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={isTried && problem !== null ? t(`file.access.${problem}`) : null}
      />
      <Failure error={error} />
      <div>
        <Button type="submit" loading={isBusy}>
          {t('file.access.open')}
        </Button>
      </div>
    </form>
  );
}

function problemOf(reason: string): 'reasonMissing' | 'reasonLong' | null {
  if (reason.trim() === '') return 'reasonMissing';
  return new TextEncoder().encode(reason.trim()).length > maxBytes ? 'reasonLong' : null;
}
