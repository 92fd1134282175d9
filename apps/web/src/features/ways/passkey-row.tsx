import { useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import type { KnownPerson } from '../../worker/protocol.ts';
import { hasPasskeys } from '../unlock/passkey.ts';
import { PasskeyFailure } from '../unlock/passkey-failure.tsx';
import { PasskeySheet } from './passkey-sheet.tsx';
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
  const [isAdding, setAdding] = useState(false);
  /** That the one made last gives no key, and is asked for after the password instead. */
  const [isFactor, setFactor] = useState(false);
  const { ways } = person;
  const count = ways.passkeys.length;
  const add = () => {
    setFactor(false);
    setAdding(true);
  };
  const remove = () =>
    run(async () => {
      setFactor(false);
      for (const credential of ways.passkeys) await engine.removePasskey(credential);
      onChanged();
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
          <Change isDisabled={isBusy} onClick={add}>
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
      {isAdding ? (
        <PasskeySheet
          person={person}
          onClose={() => setAdding(false)}
          onDone={(what) => {
            setAdding(false);
            setFactor(what === 'factor');
            onChanged();
          }}
        />
      ) : null}
    </>
  );
}
