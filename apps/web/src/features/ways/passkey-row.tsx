import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngine } from '../../session/use-session.ts';
import { useErrorText } from '../../ui/error-text.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { codeOf } from '../../worker/carried-error.ts';
import type { KnownPerson } from '../../worker/protocol.ts';
import { hasPasskeys, makePasskey } from '../unlock/passkey.ts';
import { Change, Row } from './row.tsx';

interface PasskeyRowProps {
  readonly person: KnownPerson;
  readonly onChanged: () => void;
}

/** The passkeys that unlock this device: one gesture, with the line or without. */
export function PasskeyRow({ person, onChanged }: PasskeyRowProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { isBusy, error, run } = useAttempt();
  /** That the one made last gives no key, and is asked for after the password instead. */
  const [isFactor, setFactor] = useState(false);
  const { device, ways } = person;
  const count = ways.passkeys.length;
  const attempt = (act: () => Promise<void>) => {
    setFactor(false);
    return run(async () => {
      await act();
      onChanged();
    });
  };
  const add = () =>
    attempt(async () => {
      const owner = { device, label: passkeyLabel(person) };
      const { answer, made } = await makePasskey(ways, owner, await engine.offerPasskey());
      if (answer !== null) return engine.addPasskey(answer);
      await engine.confirmPasskey(made);
      setFactor(true);
    });
  const remove = () =>
    attempt(async () => {
      for (const credential of ways.passkeys) await engine.removePasskey(credential);
    });
  return (
    <>
      <Row
        title={t('ways.passkey')}
        detail={
          !hasPasskeys()
            ? t('ways.passkeyMissing')
            : count === 0
              ? t('ways.passkeyDetail')
              : t('ways.passkeySet', { count })
        }
      >
        {hasPasskeys() ? (
          <Change isDisabled={isBusy} onClick={() => void add()}>
            {t('ways.add')}
          </Change>
        ) : null}
        {count === 0 ? null : (
          <Change isDisabled={isBusy} onClick={() => void remove()}>
            {t('ways.remove')}
          </Change>
        )}
      </Row>
      {isFactor ? <Notice tone="plain">{t('ways.passkeyAsFactor')}</Notice> : null}
      <PasskeyFailure error={error} />
    </>
  );
}

/** That a passkey was not given is what somebody decided. */
export function PasskeyFailure({ error }: { readonly error: unknown }) {
  const errorText = useErrorText();
  if (error === null) return null;
  return <Notice tone={codeOf(error) === 'PASSKEY_CANCELLED' ? 'plain' : 'amber'}>{errorText(error)}</Notice>;
}

/** Whose a passkey is, as the browser lists it. */
export function passkeyLabel({ name, practiceName }: KnownPerson): string {
  return [name, practiceName].filter(Boolean).join(' · ') || 'Serment';
}
