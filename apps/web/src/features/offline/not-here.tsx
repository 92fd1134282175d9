import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useStatus } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { personName, safeName } from '../patients/person.tsx';
import './offline.css';

interface NotHereProps {
  readonly patient: string;
  /** The line is back: the file may be read. */
  readonly onReady: () => void;
}

/** A file that this device has not, while the network is cut: who it is, why it is not shown, and what can be done. */
export function NotHere({ patient, onReady }: NotHereProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const isOnline = useStatus()?.online === true;
  const { value: row } = useAsked(`row ${patient}`, () => engine.patient(patient));
  const { value: kept, again } = useAsked(`kept ${patient}`, () => engine.desks.offline.kept(patient));
  const { isBusy, error, run } = useAttempt();
  useEffect(() => {
    if (isOnline) onReady();
  }, [isOnline, onReady]);
  const pin = () =>
    run(async () => {
      await engine.desks.offline.pin(patient);
      again();
    });
  return (
    <section className="page-pad not-here">
      <h1>{row === null ? '' : safeName(personName(row))}</h1>
      <p className="not-here-lead">{t('offlineFile.notHere.title')}</p>
      <p>{t('offlineFile.notHere.text')}</p>
      {kept?.isPinned === true ? (
        <p role="status">{t('offlineFile.notHere.pinned')}</p>
      ) : (
        <div>
          <Button variant="default" loading={isBusy} onClick={() => void pin()}>
            {t('offlineFile.notHere.pin')}
          </Button>
        </div>
      )}
      <Failure error={error} />
    </section>
  );
}
