import { Button } from '@mantine/core';
import { bytesToHex } from '@serment/core/bytes';
import { useTranslation } from 'react-i18next';
import { Sheet } from '../../ui/dialog.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useConsole } from './console-session.ts';
import { shortened } from './console-words.ts';
import { hostClient } from './host-client.ts';
import { HostFailure } from './host-failure.tsx';

/** An act on one practice; `copy` is empty where it concerns none. */
export interface Act {
  readonly kind: 'verify' | 'drill' | 'close' | 'suspend' | 'resume';
  readonly practice: Uint8Array;
  readonly copy: string;
}

interface ActSheetProps {
  readonly act: Act;
  readonly onDone: (words: string) => void;
  readonly onClose: () => void;
}

/** What the act does, and who will read of it, before it is done: what stands in a journal is there for good. */
export function ActSheet({ act, onDone, onClose }: ActSheetProps) {
  const { t } = useTranslation();
  const { session, endIfOver } = useConsole();
  const { isBusy, error, run } = useAttempt();
  const { kind, copy } = act;
  const name = bytesToHex(act.practice);
  const practice = shortened(name);
  const perform = () =>
    run(async () => {
      await hostClient.act(session.token, { kind, practice: name, copy });
      onDone(t(`console.act.${kind}.done`, { copy, practice }));
    }, endIfOver);
  return (
    <Sheet title={t(`console.act.${kind}.title`, { copy })} isBusy={isBusy} onClose={onClose}>
      <div className="host-act">
        <p>{t(`console.act.${kind}.lead`)}</p>
        <p>{t('operators.inscribed', { practice, name: session.name })}</p>
        <HostFailure error={error} />
        <div className="host-actions">
          <Button loading={isBusy} onClick={() => void perform()}>
            {t('operators.do')}
          </Button>
          <Button variant="default" disabled={isBusy} onClick={onClose}>
            {t('app.cancel')}
          </Button>
        </div>
      </div>
    </Sheet>
  );
}
