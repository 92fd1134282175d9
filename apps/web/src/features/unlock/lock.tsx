import { Button } from '@mantine/core';
import { CodedError } from '@serment/core/error';
import type { FactorOffer } from '@serment/core/wire/login';
import { useEffect, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { useErrorText } from '../../ui/error-text.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { codeOf } from '../../worker/carried-error.ts';
import type { KnownPerson } from '../../worker/protocol.ts';
import { OfflineWays } from '../offline/offline-ways.tsx';
import { FactorStep } from './factor-step.tsx';
import { IdentityWays } from './identity-ways.tsx';
import { OpeningProgress } from './opening-progress.tsx';
import { askPasskey, hasPasskeys } from './passkey.ts';
import { PasswordForm } from './password-form.tsx';
import { PinForm } from './pin-form.tsx';

/** Errors that say this device will not open any more, whatever is typed. */
const gone = new Set(['SESSION_REFUSED', 'HOLDER_REVOKED', 'HOLDER_UNKNOWN', 'FACTOR_MISSING']);
/** What happens every day, and is no failure. */
const soft = new Set(['PASSKEY_CANCELLED', 'GATE_CLOSED', 'OFFLINE_STALE']);
/** No server of this practice answered: none, a broken one, or what a hotel's network puts in its place. */
const silent = new Set(['UNREACHABLE', 'SERVER_FAILED', 'ANSWER_INVALID']);

type Way = 'password' | 'pin' | 'offline';

/** The ways into one person's practice: a passkey or a PIN where this device has one, the password always. */
export function Lock({ person }: { readonly person: KnownPerson }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const errorText = useErrorText();
  const { device, ways } = person;
  const [way, setWay] = useState<Way>(firstWay(ways));
  const [offers, setOffers] = useState<readonly FactorOffer[] | null>(null);
  const { isBusy, error, run, forget } = useAttempt();
  useEffect(() => {
    if (ways.offline !== 'on') return;
    const offer = () => setWay('offline');
    addEventListener('offline', offer);
    return () => removeEventListener('offline', offer);
  }, [ways.offline]);
  const attempt = (act: () => Promise<void>) =>
    run(act, (failure) => {
      // What the PIN cannot open any more, the password does: the page says why, and asks for it.
      if (codeOf(failure) === 'PIN_BLOCKED' || codeOf(failure) === 'GATE_CLOSED') setWay('password');
      if (ways.offline === 'on' && isSilence(failure)) setWay('offline');
    });
  const turnTo = (other: Way) => {
    forget();
    setWay(other);
  };
  if (offers !== null)
    return (
      <FactorStep
        offers={offers}
        lead={t('factor.lead')}
        desk={engine}
        submit={t('unlock.submit')}
        onBack={() => setOffers(null)}
      />
    );
  const isOffline = way === 'offline';
  // Without the server, that it is silent is said once, beside what can be done about it.
  const shown = isOffline && isSilence(error) ? null : error;
  const code = shown === null ? null : codeOf(shown);
  const isGone = code !== null && gone.has(code);
  const fieldError = code === 'PASSWORD_WRONG' ? errorText(shown) : null;
  const hasKey = ways.passkeys.length > 0 && hasPasskeys();
  return (
    <>
      {hasKey ? (
        <div className="passkey-way">
          <Button
            autoFocus
            loading={isBusy}
            onClick={() => void attempt(async () => engine.unlockByPasskey(device, await askPasskey(ways)))}
          >
            {t('unlock.passkey')}
          </Button>
        </div>
      ) : null}
      {isOffline ? (
        <div className="before-way">
          <Notice tone="plain" title={t('unlock.silent')}>
            {t('unlock.offlineLead')}
          </Notice>
        </div>
      ) : null}
      {way === 'pin' ? (
        <PinForm
          isBusy={isBusy}
          error={fieldError === null ? null : t('unlock.pinWrong')}
          autoFocus={!hasKey}
          onPin={(pin) => attempt(() => engine.unlockByPin(device, pin))}
        />
      ) : (
        <PasswordForm
          isBusy={isBusy}
          isDemo={person.isDemo}
          error={fieldError}
          autoFocus={!hasKey}
          submit={t(isOffline ? 'unlock.offlineSubmit' : 'unlock.submit')}
          onPassword={(password) =>
            attempt(async () => {
              if (isOffline) await engine.unlockOffline(device, password);
              else setOffers(await engine.unlock(device, password));
            })
          }
        />
      )}
      {code === null || fieldError !== null ? null : (
        <div className="after-way">
          {soft.has(code) ? (
            <Notice tone="plain">{errorText(shown)}</Notice>
          ) : (
            <Notice tone="red" title={t(isGone ? 'unlock.goneTitle' : 'error.title')}>
              {errorText(shown)} {isGone ? t('unlock.safe') : ''}
              {ways.offline === 'ended' && isSilence(shown) ? t('unlock.offlineEnded') : ''}
            </Notice>
          )}
        </div>
      )}
      {ways.hasCard && !isBusy ? (
        <IdentityWays device={device} onProven={(answer) => engine.unlockByIdentity(device, answer)} />
      ) : null}
      {isSilence(error) || isOffline || !navigator.onLine ? <OfflineWays ways={ways} /> : null}
      {isBusy ? <OpeningProgress words={t('unlock.working')} /> : null}
      {isOffline ? (
        <button type="button" className="text-button other-way" onClick={() => turnTo('password')}>
          {t('unlock.tryOnline')}
        </button>
      ) : ways.hasPin ? (
        <button
          type="button"
          className="text-button other-way"
          onClick={() => turnTo(way === 'pin' ? 'password' : 'pin')}
        >
          {t(way === 'pin' ? 'unlock.usePassword' : 'unlock.usePin')}
        </button>
      ) : null}
    </>
  );
}

/** What the browser knows to be without a network need not be tried. */
function firstWay({ hasPin, offline }: KnownPerson['ways']): Way {
  if (offline === 'on' && !navigator.onLine) return 'offline';
  return hasPin ? 'pin' : 'password';
}

/** A server that asks to wait has answered. */
function isSilence(error: unknown): boolean {
  return error instanceof CodedError && silent.has(error.code) && error.fields.status !== 429;
}
