import { Button, TextInput } from '@mantine/core';
import type { CodeSent } from '@serment/core/wire/factor';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useErrorText } from '../../ui/error-text.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { codeOf } from '../../worker/carried-error.ts';
import './code-entry.css';

interface CodeEntryProps {
  /** What was sent, and where; null for a code that is not sent. */
  readonly sent: CodeSent | null;
  readonly label: string;
  readonly submit: string;
  /** Digits after which the code is tried by itself; null for a code of another form. */
  readonly length: number | null;
  readonly onCode: (code: string) => Promise<void>;
  /** Sends another code; null where none is sent. */
  readonly onAgain: (() => Promise<void>) | null;
  readonly children?: ReactNode;
}

const againAfterSeconds = 30;
const wrongCodes = new Set(['CODE_WRONG', 'CODE_EXPIRED', 'CODE_SPENT']);

/** A code typed, or filled in by the phone. Six digits are tried as soon as they are there. */
export function CodeEntry({ sent, label, submit, length, onCode, onAgain, children }: CodeEntryProps) {
  const errorText = useErrorText();
  const [code, setCode] = useState('');
  const { isBusy, error, run } = useAttempt();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
  }, []);
  const attempt = (act: () => Promise<void>) => run(act, () => input.current?.select());
  const type = (text: string) => {
    setCode(text);
    if (length !== null && text.replaceAll(/\D/g, '').length === length && !isBusy) void attempt(() => onCode(text));
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    void attempt(() => onCode(code));
  };
  const isWrong = error !== null && wrongCodes.has(codeOf(error));
  return (
    <form className="code-entry" onSubmit={send}>
      <Sent sent={sent} />
      <TextInput
        ref={input}
        className="code-input"
        label={label}
        value={code}
        onChange={(event) => type(event.currentTarget.value)}
        inputMode={length === null ? 'text' : 'numeric'}
        autoComplete="one-time-code"
        spellCheck={false}
        maxLength={20}
        error={isWrong ? errorText(error) : null}
      />
      <Failure error={isWrong ? null : error} />
      <div className="code-actions">
        <Button type="submit" loading={isBusy} disabled={code.trim() === ''}>
          {submit}
        </Button>
        {onAgain === null ? null : <Again key={sent?.expires} isBusy={isBusy} onAgain={() => void attempt(onAgain)} />}
        {children}
      </div>
    </form>
  );
}

/** Where the code went; on a server of this machine it goes nowhere, and is shown. */
function Sent({ sent }: { readonly sent: CodeSent | null }) {
  const { t } = useTranslation();
  if (sent === null) return null;
  if (sent.localCode === null) return <p>{t('code.sent', { to: sent.to })}</p>;
  return (
    <Notice tone="plain" title={t('code.localTitle')}>
      {t('code.local', { to: sent.to })} <b className="local-code">{sent.localCode}</b>
    </Notice>
  );
}

/** Another code, once the first had the time to come. */
function Again({ isBusy, onAgain }: { readonly isBusy: boolean; readonly onAgain: () => void }) {
  const { t } = useTranslation();
  const [left, setLeft] = useState(againAfterSeconds);
  useEffect(() => {
    const timer = setInterval(() => setLeft((seconds) => Math.max(0, seconds - 1)), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <Button variant="quiet" onClick={onAgain} disabled={isBusy || left > 0}>
      {left > 0 ? t('code.againIn', { count: left }) : t('code.again')}
    </Button>
  );
}
