import { Button } from '@mantine/core';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import type { KnownPerson } from '../../worker/protocol.ts';

interface RemovePersonProps {
  readonly person: KnownPerson;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** One of the few acts without a way back: it says what goes, and what does not. */
export function RemovePerson({ person, onClose, onDone }: RemovePersonProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { isBusy, error, run } = useAttempt();
  const remove = () =>
    run(async () => {
      await engine.removePerson(person.device);
      onDone();
    });
  return (
    <Sheet
      title={t('unlock.removing.title', { name: person.name ?? person.practiceName })}
      isBusy={isBusy}
      onClose={onClose}
    >
      <div className="removal">
        <ul className="consequences">
          <li>{t('unlock.removing.here')}</li>
          <li>{t('unlock.removing.stays')}</li>
          <li>
            <b>{t('unlock.removing.back')}</b>
          </li>
        </ul>
        <Failure error={error} />
        <div className="code-actions">
          <Button loading={isBusy} onClick={() => void remove()}>
            {t('unlock.removing.confirm')}
          </Button>
          <Button variant="quiet" disabled={isBusy} onClick={onClose}>
            {t('app.cancel')}
          </Button>
        </div>
      </div>
    </Sheet>
  );
}
