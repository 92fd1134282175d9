import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useEngine } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';

interface EndingSheetProps {
  /** The device that is about to end for good: its author, in hexadecimal, and what it is called. */
  readonly author: string;
  readonly device: string;
  /** Of its member. */
  readonly name: string;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Asks once, for what cannot be undone: what will happen, and what nobody can take back. */
export function EndingSheet({ author, device, name, onClose, onDone }: EndingSheetProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { isBusy, error, run } = useAttempt();
  const end = () =>
    run(async () => {
      await engine.revokeDevice(author);
      onDone();
    });
  return (
    <Sheet title={t('members.revoking.title', { name })} onClose={isBusy ? () => undefined : onClose}>
      <div className="member-sheet">
        <p className="muted ending-device">{device}</p>
        <ul className="consequences">
          <li>{t('members.revoking.access')}</li>
          <li>{t('members.newKeys')}</li>
          <li>{t('members.revoking.stays')}</li>
          <li>
            <b>{t('members.revoking.kept')}</b>
          </li>
        </ul>
        <p className="muted row-text">{t('members.revoking.instead')}</p>
        <Failure error={error}>{t('members.goOn')}</Failure>
        <div className="code-actions">
          <Button loading={isBusy} onClick={() => void end()}>
            {t('members.revoking.confirm')}
          </Button>
          <Button variant="quiet" disabled={isBusy} onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <span className="row-text muted" role="status">
            {isBusy ? t('members.ending') : ''}
          </span>
        </div>
      </div>
    </Sheet>
  );
}
