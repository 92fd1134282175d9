import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { codeOf } from '../../worker/carried-error.ts';
import type { KnownPerson } from '../../worker/protocol.ts';
import { makePasskey, type NewPasskey } from '../unlock/passkey.ts';
import { PasskeyFailure } from '../unlock/passkey-failure.tsx';
import { passkeyLabel } from './passkey-label.ts';
import '../../ui/choices.css';
import './authenticator.css';

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
  /** Made, and perhaps not known to the host yet: a line that was cut asks for no second gesture. */
  const [made, setMade] = useState<NewPasskey | null>(null);
  const { isBusy, error, run } = useAttempt();
  const { device, practice, ways } = person;
  const add = async (event: FormEvent) => {
    event.preventDefault();
    await run(
      async () => {
        const passkey = made ?? (await make());
        setMade(passkey);
        if ('keys' in passkey) await engine.addPasskey(passkey.keys);
        else await engine.confirmPasskey(passkey.factor);
        onDone('keys' in passkey ? 'keys' : 'factor');
      },
      (failure) => {
        // What the server drew for a second factor has served once it answered.
        if (codeOf(failure) !== 'UNREACHABLE')
          setMade((before) => (before !== null && 'keys' in before ? before : null));
      },
    );
  };
  const make = async () => {
    const owner = { device, label: passkeyLabel(person) };
    const asked = await engine.offerPasskey().catch((cause: unknown) => {
      if (codeOf(cause) === 'UNREACHABLE') return null;
      throw cause;
    });
    return makePasskey(ways, owner, { practice, isHolder, asked });
  };
  return (
    <Sheet title={t('ways.passkey')} isBusy={isBusy} onClose={onClose}>
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
        <PasskeyFailure error={error}>
          {codeOf(error) === 'PASSKEY_KNOWN' ? t('ways.passkeyKnown') : null}
        </PasskeyFailure>
        <div>
          <Button type="submit" loading={isBusy}>
            {t('ways.passkeyMake')}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
