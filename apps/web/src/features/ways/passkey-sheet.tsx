import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngine } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { useErrorText } from '../../ui/error-text.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { codeOf } from '../../worker/carried-error.ts';
import type { KnownPerson, MadePasskey } from '../../worker/protocol.ts';
import { makePasskey } from '../unlock/passkey.ts';

interface PasskeySheetProps {
  readonly person: KnownPerson;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Says what a passkey opens before it is made: this device, and, unless the person declines, a new one. */
export function PasskeySheet({ person, onClose, onDone }: PasskeySheetProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const errorText = useErrorText();
  const [isHolder, setHolder] = useState(true);
  /** Made, and perhaps not named yet: a line that was cut asks for no second gesture. */
  const [made, setMade] = useState<MadePasskey | null>(null);
  const { isBusy, error, run } = useAttempt();
  const { device, practice, ways, name, practiceName } = person;
  const label = [name, practiceName].filter(Boolean).join(' · ') || 'Serment';
  const add = async (event: FormEvent) => {
    event.preventDefault();
    await run(async () => {
      const passkey = made ?? (await makePasskey(ways, { device, practice, label }, isHolder));
      setMade(passkey);
      await engine.addPasskey(passkey);
      onDone();
    });
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
        {error === null ? null : (
          <Notice tone={codeOf(error) === 'PASSKEY_CANCELLED' ? 'plain' : 'amber'}>{errorText(error)}</Notice>
        )}
        <div>
          <Button type="submit" loading={isBusy}>
            {t('ways.passkeyMake')}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
