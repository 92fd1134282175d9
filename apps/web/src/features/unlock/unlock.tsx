import { Button } from '@mantine/core';
import type { FactorOffer } from '@serment/core/wire/login';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngine, useSessionState } from '../../session/use-session.ts';
import { useErrorText } from '../../ui/error-text.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { codeOf } from '../../worker/carried-error.ts';
import type { KnownPractice } from '../../worker/protocol.ts';
import { ProblemSheet } from '../problem/problem-sheet.tsx';
import { LanguageSwitch } from '../shell/language-switch.tsx';
import type { WelcomeStep } from '../welcome/welcome.tsx';
import { FactorStep } from './factor-step.tsx';
import { IdentityWays } from './identity-ways.tsx';
import { OpeningProgress } from './opening-progress.tsx';
import { askPasskey, hasPasskeys } from './passkey.ts';
import { PasswordForm } from './password-form.tsx';
import { PinForm } from './pin-form.tsx';
import './unlock.css';

/** Errors that say this device will not open any more, whatever is typed. */
const gone = new Set(['SESSION_REFUSED', 'HOLDER_REVOKED', 'HOLDER_UNKNOWN', 'FACTOR_MISSING']);
/** What happens every day, and is no failure. */
const soft = new Set(['PASSKEY_CANCELLED', 'GATE_CLOSED']);

type Way = 'password' | 'pin';

/** One gesture back to where the person was. The other ways in stand below. */
export function Unlock({ onWelcome }: { readonly onWelcome: (step: WelcomeStep) => void }) {
  const { t } = useTranslation();
  const { engine: state, leftPending } = useSessionState();
  const { practices } = state;
  const [chosen, setChosen] = useState(0);
  const [isWorried, setWorried] = useState(false);
  const practice = practices[chosen] ?? practices[0];
  useEffect(() => {
    document.title = `${t('unlock.title')} — Serment`;
  }, [t]);
  if (practice === undefined) return null;
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
        <Lock key={practice.practice} practice={practice} />
        <div className="lock-foot">
          <b>{t('unlock.erased')}</b>
          <p>{t('unlock.erasedDetail')}</p>
          <button type="button" className="text-button" onClick={() => onWelcome('enrol')}>
            {t('unlock.useKit')}
          </button>
          <button type="button" className="text-button" onClick={() => onWelcome('choice')}>
            {t('unlock.other')}
          </button>
          <button type="button" className="text-button" onClick={() => setWorried(true)}>
            {t('unlock.problem')}
          </button>
        </div>
      </main>
      {isWorried ? <ProblemSheet onClose={() => setWorried(false)} onGo={null} /> : null}
    </div>
  );
}

/** The ways into one practice: a passkey or a PIN where this device has one, the password always. */
function Lock({ practice }: { readonly practice: KnownPractice }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const errorText = useErrorText();
  const { ways } = practice;
  const [way, setWay] = useState<Way>(ways.hasPin ? 'pin' : 'password');
  const [offers, setOffers] = useState<readonly FactorOffer[] | null>(null);
  const { isBusy, error, run, forget } = useAttempt();
  const attempt = (act: () => Promise<void>) =>
    run(act, (failure) => {
      // What the PIN cannot open any more, the password does: the page says why, and asks for it.
      if (codeOf(failure) === 'PIN_BLOCKED' || codeOf(failure) === 'GATE_CLOSED') setWay('password');
    });
  if (offers !== null) return <FactorStep offers={offers} onBack={() => setOffers(null)} />;
  const code = error === null ? null : codeOf(error);
  const isGone = code !== null && gone.has(code);
  const fieldError = code === 'PASSWORD_WRONG' ? errorText(error) : null;
  const hasKey = ways.passkeys.length > 0 && hasPasskeys();
  return (
    <>
      {hasKey ? (
        <div className="passkey-way">
          <Button
            autoFocus
            loading={isBusy}
            onClick={() => void attempt(async () => engine.unlockByPasskey(practice.practice, await askPasskey(ways)))}
          >
            {t('unlock.passkey')}
          </Button>
        </div>
      ) : null}
      {way === 'pin' ? (
        <PinForm
          isBusy={isBusy}
          error={fieldError === null ? null : t('unlock.pinWrong')}
          autoFocus={!hasKey}
          onPin={(pin) => attempt(() => engine.unlockByPin(practice.practice, pin))}
        />
      ) : (
        <PasswordForm
          isBusy={isBusy}
          isDemo={practice.isDemo}
          error={fieldError}
          autoFocus={!hasKey}
          onPassword={(password) => attempt(async () => setOffers(await engine.unlock(practice.practice, password)))}
        />
      )}
      {code === null || fieldError !== null ? null : (
        <div className="after-way">
          {soft.has(code) ? (
            <Notice tone="plain">{errorText(error)}</Notice>
          ) : (
            <Notice tone="red" title={t(isGone ? 'unlock.goneTitle' : 'error.title')}>
              {errorText(error)} {isGone ? t('unlock.safe') : ''}
            </Notice>
          )}
        </div>
      )}
      {ways.hasCard && !isBusy ? (
        <IdentityWays
          practice={practice.practice}
          onProven={(answer) => engine.unlockByIdentity(practice.practice, answer)}
        />
      ) : null}
      {isBusy ? <OpeningProgress words={t('unlock.working')} /> : null}
      {ways.hasPin ? (
        <button
          type="button"
          className="text-button other-way"
          onClick={() => {
            forget();
            setWay(way === 'pin' ? 'password' : 'pin');
          }}
        >
          {t(way === 'pin' ? 'unlock.usePassword' : 'unlock.usePin')}
        </button>
      ) : null}
    </>
  );
}
