import { Button } from '@mantine/core';
import type { CodeSent } from '@serment/core/wire/factor';
import type { CodeFactor, Factor, FactorOffer } from '@serment/core/wire/login';
import type { Remote } from 'comlink';
import { useEffect, useRef, useState } from 'react';
import { useLanguage } from '../../i18n/use-language.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useErrorText } from '../../ui/error-text.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import type { FactorDesk } from '../../worker/protocol.ts';
import { CodeEntry } from './code-entry.tsx';
import { givePasskey, hasPasskeys } from './passkey.ts';
import { PasskeyFailure } from './passkey-failure.tsx';

interface FactorStepProps {
  readonly offers: readonly FactorOffer[];
  /** What the factor is for. */
  readonly lead: string;
  /** Who takes the answer. */
  readonly desk: Remote<FactorDesk>;
  /** What its answer does, on the button. */
  readonly submit: string;
  readonly onBack: () => void;
}

/** The second factor of the day. The first one that the account has is asked for; the others are one click away. */
export function FactorStep({ offers, lead, desk, submit, onBack }: FactorStepProps) {
  const { t } = useTranslation();
  const usable = offers.filter((offer) => offer.factor !== 'passkey' || hasPasskeys());
  const [factor, setFactor] = useState<Factor>(usable[0]?.factor ?? 'passkey');
  const others = usable.filter((offer) => offer.factor !== factor);
  const answer = (of: CodeFactor) => (code: string) => desk.answerFactor({ factor: of, code });
  return (
    <>
      <p className="factor-lead">{lead}</p>
      {factor === 'passkey' ? (
        <PasskeyAnswer desk={desk} />
      ) : factor === 'sms' ? (
        <SmsCode desk={desk} submit={submit} onCode={answer(factor)} />
      ) : (
        <CodeEntry
          key={factor}
          sent={null}
          label={t(`factor.label.${factor}`)}
          submit={submit}
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
function PasskeyAnswer({ desk }: Pick<FactorStepProps, 'desk'>) {
  const { t } = useTranslation();
  const { isBusy, error, run } = useAttempt();
  if (!hasPasskeys()) return <Notice tone="amber">{t('factor.passkeyMissing')}</Notice>;
  const give = () => run(async () => desk.answerPasskey(await givePasskey(await desk.askLoginPasskey())));
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

interface SmsCodeProps extends Pick<FactorStepProps, 'desk' | 'submit'> {
  readonly onCode: (code: string) => Promise<void>;
}

/** The code leaves by itself: who has just typed a password is waiting for it. */
function SmsCode({ desk, submit, onCode }: SmsCodeProps) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const language = useLanguage();
  const [sent, setSent] = useState<CodeSent | null>(null);
  const [error, setError] = useState<unknown>(null);
  const isStarted = useRef(false);
  const send = async () => {
    setError(null);
    try {
      setSent(await desk.sendLoginCode(language));
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
  return <CodeEntry sent={sent} label={t('code.label')} submit={submit} length={6} onCode={onCode} onAgain={send} />;
}
