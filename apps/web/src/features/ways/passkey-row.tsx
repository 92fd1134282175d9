import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngine } from '../../session/use-session.ts';
import { useErrorText } from '../../ui/error-text.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { KnownPerson } from '../../worker/protocol.ts';
import { hasPasskeys } from '../unlock/passkey.ts';
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
  const errorText = useErrorText();
  const [error, setError] = useState<unknown>(null);
  const [isAdding, setAdding] = useState(false);
  const { ways } = person;
  const count = ways.passkeys.length;
  const remove = async () => {
    setError(null);
    try {
      for (const credential of ways.passkeys) await engine.removePasskey(credential);
      onChanged();
    } catch (caught) {
      setError(caught);
    }
  };
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
        {hasPasskeys() ? <Change onClick={() => setAdding(true)}>{t('ways.add')}</Change> : null}
        {count === 0 ? null : <Change onClick={() => void remove()}>{t('ways.remove')}</Change>}
      </Row>
      {error === null ? null : <Notice tone="amber">{errorText(error)}</Notice>}
      {isAdding ? (
        <PasskeySheet
          person={person}
          onClose={() => setAdding(false)}
          onDone={() => {
            setAdding(false);
            onChanged();
          }}
        />
      ) : null}
    </>
  );
}
