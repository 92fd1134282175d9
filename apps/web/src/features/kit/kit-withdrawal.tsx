import { Button } from '@mantine/core';
import type { KitView } from '@serment/replica/vault';
import { useTranslation } from 'react-i18next';
import { useEngine } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import '../members/members.css';

interface KitWithdrawalProps {
  readonly kit: KitView;
  /** Whether its member has no other. */
  readonly isLast: boolean;
  readonly onClose: () => void;
}

/** Asks once, for what cannot be undone: a kit that opens nothing any more, with none in its place. */
export function KitWithdrawal({ kit, isLast, onClose }: KitWithdrawalProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { isBusy, error, run } = useAttempt();
  const withdraw = () =>
    run(async () => {
      await engine.revokeDevice(kit.author);
      onClose();
    });
  return (
    <Sheet title={t('kits.withdrawTitle', { testValue: kit.label })} onClose={isBusy ? () => undefined : onClose}>
      <div className="member-sheet">
        <ul className="consequences">
          <li>{t('kits.withdrawAccess')}</li>
          <li>{t('members.newKeys')}</li>
          <li>
            <b>{t('kits.withdrawKept')}</b>
          </li>
        </ul>
        <p className="row-text">{t(isLast ? 'kits.withdrawLast' : 'kits.withdrawInstead')}</p>
        <Failure error={error}>{t('members.goOn')}</Failure>
        <div className="code-actions">
          <Button loading={isBusy} onClick={() => void withdraw()}>
            {t('kits.withdraw')}
          </Button>
          <Button variant="quiet" disabled={isBusy} onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <span className="row-text muted" role="status">
            {isBusy ? t('kits.replacing') : ''}
          </span>
        </div>
      </div>
    </Sheet>
  );
}
