import type { DepositView } from '@serment/replica/deposits';
import type { FormEvent } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useSession } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { FormEnd } from '../../ui/form-end.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';

interface RejectingSheetProps {
  readonly deposit: DepositView;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Asks once, for what cannot be undone: a deposit that opens to nobody leaves the list for good. */
export function RejectingSheet({ deposit, onClose, onDone }: RejectingSheetProps) {
  const { t } = useTranslation();
  const session = useSession();
  const { isBusy, error, run } = useAttempt();
  const reject = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      const { author, id } = deposit;
      const saved = await session.engine.desks.deposits.reject({ author, id });
      session.saved({ id: saved.id, what: t('deposits.rejectedSave'), patient: t('deposits.noPatient') });
      onDone();
    });
  };
  return (
    <Sheet title={t('deposits.rejectTitle')} isBusy={isBusy} onClose={onClose}>
      <form className="deposit-sheet" onSubmit={reject}>
        <ul className="consequences">
          <li>{t('deposits.rejectOpens')}</li>
          <li>{t('deposits.rejectTells')}</li>
          <li>
            <b>{t('deposits.rejectKept')}</b>
          </li>
        </ul>
        <FormEnd error={error} isBusy={isBusy} submit={t('deposits.rejectConfirm')} onCancel={onClose} />
      </form>
    </Sheet>
  );
}
