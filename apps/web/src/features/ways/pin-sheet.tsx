import { Button, TextInput } from '@mantine/core';
import { isPin } from '@serment/replica/sign-in/pin';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngine } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { useErrorText } from '../../ui/error-text.tsx';
import { Notice } from '../../ui/notice.tsx';

/** Six digits for the day: twenty unlockings a day must not breed a password on a note. */
export function PinSheet({ onClose, onDone }: { readonly onClose: () => void; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const errorText = useErrorText();
  const [pin, setPin] = useState('');
  const [again, setAgain] = useState('');
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const isDifferent = pin !== again;
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isPin(pin) || isDifferent) return;
    setBusy(true);
    setError(null);
    try {
      await engine.setPin(pin);
      onDone();
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };
  const digits = (text: string) => text.replaceAll(/\D/g, '').slice(0, 6);
  const shared = { className: 'code-input', type: 'password', inputMode: 'numeric', autoComplete: 'off' } as const;
  return (
    <Sheet title={t('ways.pin')} onClose={onClose}>
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
        {error === null ? null : (
          <Notice tone="red" title={t('error.title')}>
            {errorText(error)}
          </Notice>
        )}
        <div>
          <Button type="submit" loading={isBusy}>
            {t('ways.choose')}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
