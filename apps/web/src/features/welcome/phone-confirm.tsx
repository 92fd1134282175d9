import { Button } from '@mantine/core';
import type { CodeSent } from '@serment/core/wire/factor';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useLanguage } from '../../i18n/use-language.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { CodeEntry } from '../unlock/code-entry.tsx';
import { PhoneField } from './phone-field.tsx';

interface PhoneConfirmProps {
  /** As it was typed before; empty to ask for it. */
  readonly number: string;
  readonly onConfirmed: () => Promise<void> | void;
}

/** A code goes to a telephone and comes back: from then on the number is the account's. */
export function PhoneConfirm({ number, onConfirmed }: PhoneConfirmProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const language = useLanguage();
  const [typed, setTyped] = useState(number);
  const [sent, setSent] = useState<CodeSent | null>(null);
  const { isBusy, error, run } = useAttempt();
  const isStarted = useRef(false);
  const send = () =>
    run(
      async () => setSent(await engine.sendPhoneCode({ number: typed, language })),
      () => setSent(null),
    );
  // biome-ignore lint/correctness/useExhaustiveDependencies: sent once, when the step is reached with a number.
  useEffect(() => {
    if (isStarted.current || number === '') return;
    isStarted.current = true;
    void send();
  }, []);
  if (sent !== null)
    return (
      <CodeEntry
        sent={sent}
        label={t('code.label')}
        submit={t('phone.confirm')}
        length={6}
        onCode={async (code) => {
          await engine.confirmPhone(code);
          await onConfirmed();
        }}
        onAgain={send}
      >
        <Button variant="quiet" onClick={() => setSent(null)}>
          {t('phone.other')}
        </Button>
      </CodeEntry>
    );
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void send();
      }}
    >
      <div className="fields">
        <PhoneField value={typed} onChange={setTyped} />
      </div>
      <Failure error={error} />
      <div className="step-actions">
        <Button type="submit" loading={isBusy} disabled={typed.trim() === ''}>
          {t('phone.send')}
        </Button>
      </div>
    </form>
  );
}
