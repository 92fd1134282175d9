import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngine } from '../../session/use-session.ts';
import { useErrorText } from '../../ui/error-text.tsx';
import { Notice } from '../../ui/notice.tsx';
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
  const errorText = useErrorText();
  const [error, setError] = useState<unknown>(null);
  const { device, ways } = person;
  const count = ways.passkeys.length;
  const label = [person.name, person.practiceName].filter(Boolean).join(' · ') || 'Serment';
  const attempt = async (act: () => Promise<void>) => {
    setError(null);
    try {
      await act();
      onChanged();
    } catch (caught) {
      setError(caught);
    }
  };
  const add = () => attempt(async () => engine.addPasskey(await makePasskey(ways, { device, label })));
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
        {hasPasskeys() ? <Change onClick={() => void add()}>{t('ways.add')}</Change> : null}
        {count === 0 ? null : <Change onClick={() => void remove()}>{t('ways.remove')}</Change>}
      </Row>
      {error === null ? null : (
        <Notice tone={codeOf(error) === 'PASSKEY_CANCELLED' ? 'plain' : 'amber'}>{errorText(error)}</Notice>
      )}
    </>
  );
}
