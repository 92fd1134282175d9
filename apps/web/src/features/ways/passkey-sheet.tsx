import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngine } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { codeOf } from '../../worker/carried-error.ts';
import type { KnownPerson, MadePasskey } from '../../worker/protocol.ts';
import { makePasskey } from '../unlock/passkey.ts';
import { PasskeyFailure, passkeyLabel } from './passkey-words.tsx';

interface PasskeySheetProps {
  readonly person: KnownPerson;
  readonly onClose: () => void;
  /** What it became: one that opens this device, or one that is asked for after the password. */
  readonly onDone: (what: 'keys' | 'factor') => void;
}

/** Says what a passkey opens before it is made: this device, and, where the person asks for it, a new one. */
export function PasskeySheet({ person, onClose, onDone }: PasskeySheetProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const [isHolder, setHolder] = useState(false);
  /** Made, and perhaps not named yet: a line that was cut asks for no second gesture. */
  const [made, setMade] = useState<MadePasskey | null>(null);
  const { isBusy, error, run } = useAttempt();
  const { device, practice, ways } = person;
  const add = async (event: FormEvent) => {
    event.preventDefault();
    await run(async () => {
      const keys = made ?? (await make());
      if (keys === null) return;
      setMade(keys);
      await engine.addPasskey(keys);
      onDone('keys');
    });
  };
  /** Null once the authenticator made one that gives no key, which the password then asks for. */
  const make = async () => {
    const owner = { device, label: passkeyLabel(person) };
    const asked = await engine.offerPasskey().catch((cause: unknown) => {
      if (codeOf(cause) === 'UNREACHABLE') return null;
      throw cause;
    });
    const passkey = await makePasskey(ways, owner, { practice, isHolder, asked });
    if ('keys' in passkey) return passkey.keys;
    await engine.confirmPasskey(passkey.factor);
    onDone('factor');
    return null;
  };
  return (
    <Sheet title={t('ways.passkey')} onClose={onClose}>
      <form className="authenticator" onSubmit={(event) => void add(event)}>
        <p className="muted">{t('ways.passkeyLead')}</p>
        <fieldset className="choices" aria-label={t('ways.passkeyOpens')}>
          <label>
            <input type="checkbox" checked disabled readOnly />
            {t('ways.passkeyHere')}
          </label>
          <label>
            <input
              type="checkbox"
              checked={isHolder}
              disabled={made !== null}
              onChange={(event) => setHolder(event.currentTarget.checked)}
            />
            {t('ways.passkeyElsewhere')}
          </label>
        </fieldset>
        <p className="muted row-text">{t(isHolder ? 'ways.passkeySynced' : 'ways.passkeyOnly')}</p>
        <PasskeyFailure error={error} />
        <div>
          <Button type="submit" loading={isBusy}>
            {t('ways.passkeyMake')}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
