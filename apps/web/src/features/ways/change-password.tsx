import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { PasswordStep } from '../welcome/password-step.tsx';

/** A new password, also for one that was forgotten: this device is open, and that is enough. */
export function ChangePassword({ onClose, onDone }: { readonly onClose: () => void; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { isBusy, error, run } = useAttempt();
  const change = async (password: string) => {
    await run(async () => {
      await engine.changePassword(password);
      onDone();
    });
  };
  return (
    <Sheet title={t('ways.newPassword')} isBusy={isBusy} onClose={onClose}>
      <PasswordStep
        isBusy={isBusy}
        submit={t('ways.change')}
        loss={t('ways.passwordEverywhere')}
        onBack={null}
        onChosen={(password) => void change(password)}
      />
      <Failure error={error} />
    </Sheet>
  );
}
