import { Button } from '@mantine/core';
import type { HostedPractice, OperatorSession } from '@serment/core/wire/operator';
import { useTranslation } from 'react-i18next';
import { Sheet } from '../../ui/dialog.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { hostClient } from './host-client.ts';
import { HostFailure } from './host-failure.tsx';
import { pseudonymOf } from './practice-row.tsx';

export type Act =
  | { readonly kind: 'verify'; readonly hosted: HostedPractice; readonly copy: string }
  | { readonly kind: 'close'; readonly hosted: HostedPractice };

interface ActSheetProps {
  readonly act: Act;
  readonly session: OperatorSession;
  readonly onDone: (words: string) => void;
  readonly onClose: () => void;
  readonly onFailure: (error: unknown) => void;
}

/** What the act does, and who will read of it, before it is done: what stands in a journal is there for good. */
export function ActSheet({ act, session, onDone, onClose, onFailure }: ActSheetProps) {
  const { t } = useTranslation();
  const { isBusy, error, run } = useAttempt();
  const practice = pseudonymOf(act.hosted);
  const isVerify = act.kind === 'verify';
  const perform = () =>
    run(async () => {
      if (isVerify) {
        await hostClient.verify(session.token, act.hosted.practice, act.copy);
        onDone(t('operators.verifyAsked', { copy: act.copy }));
      } else {
        await hostClient.closeSessions(session.token, act.hosted.practice);
        onDone(t('operators.closed', { practice }));
      }
    }, onFailure);
  return (
    <Sheet
      title={isVerify ? t('operators.verifyTitle', { copy: act.copy }) : t('operators.closeTitle')}
      isBusy={isBusy}
      onClose={onClose}
    >
      <div className="host-act">
        <p>{t(isVerify ? 'operators.verifyLead' : 'operators.closeLead')}</p>
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
