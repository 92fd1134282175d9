import { TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';

interface PinFormProps {
  readonly isBusy: boolean;
  readonly error: string | null;
  readonly autoFocus: boolean;
  readonly onPin: (pin: string) => Promise<void>;
}

const pinLength = 6;

/** Six digits, tried as soon as they are there. */
export function PinForm({ isBusy, error, autoFocus, onPin }: PinFormProps) {
  const { t } = useTranslation();
  const [pin, setPin] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (autoFocus) input.current?.focus();
  }, [autoFocus]);
  const type = async (text: string) => {
    const digits = text.replaceAll(/\D/g, '').slice(0, pinLength);
    setPin(digits);
    if (digits.length < pinLength || isBusy) return;
    await onPin(digits);
    setPin('');
    input.current?.focus();
  };
  return (
    <TextInput
      ref={input}
      className="code-input"
      type="password"
      label={t('unlock.pin')}
      value={pin}
      onChange={(event) => void type(event.currentTarget.value)}
      inputMode="numeric"
      autoComplete="off"
      disabled={isBusy}
      error={error}
    />
  );
}
