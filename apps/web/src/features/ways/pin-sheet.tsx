import { Button, TextInput } from '@mantine/core';
import { isPin } from '@serment/replica/sign-in/pin';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';

/** Six digits for the day: twenty unlockings a day must not breed a password on a note. */
export function PinSheet({ onClose, onDone }: { readonly onClose: () => void; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const [pin, setPin] = useState('');
  const [again, setAgain] = useState('');
  const [isTried, setTried] = useState(false);
  const { isBusy, error, run } = useAttempt();
  const isDifferent = pin !== again;
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isPin(pin) || isDifferent) return;
    await run(async () => {
      await engine.setPin(pin);
      onDone();
    });
  };
  const digits = (text: string) => text.replaceAll(/\D/g, '').slice(0, 6);
  const shared = { className: 'code-input', type: 'password', inputMode: 'numeric', autoComplete: 'off' } as const;
  return (
    <Sheet title={t('ways.pin')} isBusy={isBusy} onClose={onClose}>
      <form className="authenticator" onSubmit={(event) => void send(event)}>
        <p className="muted">{t('ways.pinLead')}</p>
        <TextInput
          {...shared}
          label={t('ways.pinLabel')}
          value={pin}
          onChange={(event) => setPin(digits(event.currentTarget.value))}
          error={isTried && !isPin(pin) ? t('ways.pinWeak') : null}
        />
        <TextInput
          {...shared}
          label={t('creation.password.again')}
          value={again}
          onChange={(event) => setAgain(digits(event.currentTarget.value))}
          error={isTried && isDifferent ? t('creation.password.different') : null}
        />
        <Failure error={error} />
        <div>
          <Button type="submit" loading={isBusy}>
            {t('ways.choose')}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
