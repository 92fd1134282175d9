import { Button } from '@mantine/core';
import type { CodeSent } from '@serment/core/wire/factor';
import type { CodeFactor, Factor, FactorOffer } from '@serment/core/wire/login';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../../i18n/use-language.ts';
import { useEngine } from '../../session/use-session.ts';
import { useErrorText } from '../../ui/error-text.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { CodeEntry } from './code-entry.tsx';
import { givePasskey, hasPasskeys } from './passkey.ts';
import { PasskeyFailure } from './passkey-failure.tsx';

interface FactorStepProps {
  readonly offers: readonly FactorOffer[];
  readonly onBack: () => void;
}

/** The second factor of the day. The first one that the account has is asked for; the others are one click away. */
export function FactorStep({ offers, onBack }: FactorStepProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const usable = offers.filter((offer) => offer.factor !== 'passkey' || hasPasskeys());
  const [factor, setFactor] = useState<Factor>(usable[0]?.factor ?? 'passkey');
  const others = usable.filter((offer) => offer.factor !== factor);
  const answer = (of: CodeFactor) => (code: string) => engine.answerFactor({ factor: of, code });
  return (
    <>
      <p className="factor-lead">{t('factor.lead')}</p>
      {factor === 'passkey' ? (
        <PasskeyAnswer />
      ) : factor === 'sms' ? (
        <SmsCode onCode={answer(factor)} />
      ) : (
        <CodeEntry
          key={factor}
          sent={null}
          label={t(`factor.label.${factor}`)}
          submit={t('unlock.submit')}
          length={factor === 'totp' ? 6 : null}
          onCode={answer(factor)}
          onAgain={null}
        />
      )}
      <div className="factor-others">
        {others.map((offer) => (
          <button key={offer.factor} type="button" className="text-button" onClick={() => setFactor(offer.factor)}>
            {t(`factor.use.${offer.factor}`, { to: offer.detail, count: Number(offer.detail) || 0 })}
          </button>
        ))}
        <button type="button" className="text-button" onClick={onBack}>
          {t('factor.back')}
        </button>
      </div>
    </>
  );
}

/** What the passkey signs is drawn by the server at each try, and is bound to this address by the browser. */
function PasskeyAnswer() {
  const { t } = useTranslation();
  const engine = useEngine();
  const { isBusy, error, run } = useAttempt();
  if (!hasPasskeys()) return <Notice tone="amber">{t('factor.passkeyMissing')}</Notice>;
  const give = () => run(async () => engine.answerPasskey(await givePasskey(await engine.askLoginPasskey())));
  return (
    <>
      <div className="passkey-way">
        <Button autoFocus loading={isBusy} onClick={() => void give()}>
          {t('factor.passkey')}
        </Button>
      </div>
      <PasskeyFailure error={error} />
    </>
  );
}

/** The code leaves by itself: who has just typed a password is waiting for it. */
function SmsCode({ onCode }: { readonly onCode: (code: string) => Promise<void> }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const errorText = useErrorText();
  const language = useLanguage();
  const [sent, setSent] = useState<CodeSent | null>(null);
  const [error, setError] = useState<unknown>(null);
  const isStarted = useRef(false);
  const send = async () => {
    setError(null);
    try {
      setSent(await engine.sendLoginCode(language));
    } catch (caught) {
      setError(caught);
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: sent once, when the step is reached.
  useEffect(() => {
    if (isStarted.current) return;
    isStarted.current = true;
    void send();
  }, []);
  if (error !== null)
    return (
      <Notice
        tone="red"
        title={t('code.notSent')}
        action={
          <Button variant="default" onClick={() => void send()}>
            {t('app.retry')}
          </Button>
        }
      >
        {errorText(error)}
      </Notice>
    );
  if (sent === null)
    return (
      <p className="muted" role="status">
        {t('code.sending')}
      </p>
    );
  return (
    <CodeEntry
      sent={sent}
      label={t('code.label')}
      submit={t('unlock.submit')}
      length={6}
      onCode={onCode}
      onAgain={send}
    />
  );
}
