import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngine, useSessionState } from '../../session/use-session.ts';
import { useErrorText } from '../../ui/error-text.tsx';
import { Notice } from '../../ui/notice.tsx';
import { codeOf } from '../../worker/carried-error.ts';
import { demoPassword } from '../../worker/demo-password.ts';
import { LanguageSwitch } from '../shell/language-switch.tsx';
import type { WelcomeStep } from '../welcome/welcome.tsx';
import { OpeningProgress } from './opening-progress.tsx';
import './unlock.css';

/** Errors that say this device will not open any more, whatever the password. */
const gone = new Set(['SESSION_REFUSED', 'HOLDER_REVOKED', 'HOLDER_UNKNOWN']);

/** One gesture back to where the person was. The other ways in stand below. */
export function Unlock({ onWelcome }: { readonly onWelcome: (step: WelcomeStep) => void }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const errorText = useErrorText();
  const { engine: state, leftPending } = useSessionState();
  const { practices } = state;
  const [chosen, setChosen] = useState(0);
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const practice = practices[chosen] ?? practices[0];
  useEffect(() => {
    document.title = `${t('unlock.title')} — Serment`;
    input.current?.focus();
  }, [t]);
  if (practice === undefined) return null;
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await engine.unlock(practice.practice, password);
    } catch (caught) {
      setError(caught);
      setBusy(false);
      input.current?.select();
    }
  };
  const isWrong = error !== null && codeOf(error) === 'PASSWORD_WRONG';
  const isGone = error !== null && gone.has(codeOf(error));
  return (
    <div className="lock">
      <header className="welcome-head">
        <span className="brand">Serment</span>
        <LanguageSwitch />
      </header>
      <main className="lock-page">
        <p className="muted">{t('unlock.title')}</p>
        <h1>{practice.name}</h1>
        {leftPending === 0 ? null : <Notice tone="plain">{t('shell.lockedPending')}</Notice>}
        <form onSubmit={(event) => void send(event)}>
          {practices.length < 2 ? null : (
            <fieldset className="practice-choice">
              <legend className="hidden-text">{t('unlock.practices')}</legend>
              {practices.map((one, place) => (
                <label key={one.practice}>
                  <input type="radio" name="practice" checked={place === chosen} onChange={() => setChosen(place)} />{' '}
                  {one.name}
                </label>
              ))}
            </fieldset>
          )}
          <PasswordInput
            ref={input}
            label={t('unlock.label')}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': t('creation.password.show') }}
            error={isWrong ? errorText(error) : null}
          />
          {practice.isDemo ? <p className="row-text muted">{t('demo.password', { password: demoPassword })}</p> : null}
          {error === null || isWrong ? null : (
            <Notice tone="red" title={isGone ? t('unlock.goneTitle') : t('error.title')}>
              {errorText(error)} {isGone ? t('unlock.safe') : ''}
            </Notice>
          )}
          <div className="lock-actions">
            <Button type="submit" loading={isBusy} disabled={password === ''}>
              {t('unlock.submit')}
            </Button>
            {isBusy ? <OpeningProgress words={t('unlock.working')} /> : null}
          </div>
        </form>
        <div className="lock-foot">
          <b>{t('unlock.erased')}</b>
          <p>{t('unlock.erasedDetail')}</p>
          <button type="button" className="text-button" onClick={() => onWelcome('enrol')}>
            {t('unlock.useKit')}
          </button>
          <button type="button" className="text-button" onClick={() => onWelcome('choice')}>
            {t('unlock.other')}
          </button>
        </div>
      </main>
    </div>
  );
}
