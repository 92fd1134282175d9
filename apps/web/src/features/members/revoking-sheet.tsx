import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import './members.css';

interface RevokingSheetProps {
  /** What is about to end for good: its author, in hexadecimal. */
  readonly author: string;
  readonly title: string;
  /** What ends it, and what is said while keys change. */
  readonly confirm: string;
  readonly working: string;
  readonly onClose: () => void;
  readonly onDone: () => void;
  /** What will happen, and what nobody can take back. */
  readonly children: ReactNode;
}

/** Asks once before a device, a kit or a passkey opens nothing any more: that cannot be undone. */
export function RevokingSheet({ author, title, confirm, working, onClose, onDone, children }: RevokingSheetProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { isBusy, error, run } = useAttempt();
  const revoke = () =>
    run(async () => {
      await engine.desks.devices.revoke(author);
      onDone();
    });
  return (
    <Sheet title={title} isBusy={isBusy} onClose={onClose}>
      <div className="member-sheet">
        {children}
        <Failure error={error}>{t('members.goOn')}</Failure>
        <div className="code-actions">
          <Button loading={isBusy} onClick={() => void revoke()}>
            {confirm}
          </Button>
          <Button variant="quiet" disabled={isBusy} onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <span className="row-text muted" role="status">
            {isBusy ? working : ''}
          </span>
        </div>
      </div>
    </Sheet>
  );
}
