import type { PasskeyListed } from '@serment/core/wire/passkey';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { useAttempt } from '../../ui/use-attempt.ts';
import type { KnownPerson } from '../../worker/protocol.ts';
import { hasPasskeys, makeFactorPasskey } from '../unlock/passkey.ts';
import { PasskeyFailure } from '../unlock/passkey-failure.tsx';
import { passkeyLabel } from './passkey-label.ts';
import { Change, Row } from './row.tsx';

interface FactorPasskeysProps {
  readonly person: KnownPerson;
  readonly passkeys: readonly PasskeyListed[];
  readonly onChanged: () => void;
}

/** The passkeys that are asked for after the password: any device's, also those that open no vault by themselves. */
export function FactorPasskeys({ person, passkeys, onChanged }: FactorPasskeysProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const engine = useEngine();
  const { isBusy, error, run } = useAttempt();
  const attempt = (act: () => Promise<void>) =>
    run(async () => {
      await act();
      onChanged();
    });
  const add = () =>
    attempt(async () => {
      const owner = { device: person.device, label: passkeyLabel(person) };
      await engine.confirmPasskey(await makeFactorPasskey(owner, await engine.offerPasskey()));
    });
  return (
    <>
      <Row title={t('ways.factorPasskey')} detail={t('ways.factorPasskeyDetail')}>
        {hasPasskeys() ? (
          <Change label={t('ways.factorPasskeyAdd')} isDisabled={isBusy} onClick={() => void add()}>
            {t('ways.add')}
          </Change>
        ) : null}
      </Row>
      {passkeys.map(({ credential, added }, place) => {
        const name = t('ways.factorPasskeyOne', { number: place + 1 });
        return (
          <Row
            key={`${added}-${credential.join()}`}
            title={name}
            detail={t('ways.factorPasskeyAdded', { when: format.day(added) })}
          >
            <Change
              label={`${t('ways.remove')} ${name}`}
              isDisabled={isBusy}
              onClick={() => void attempt(() => engine.removeFactorPasskey(credential))}
            >
              {t('ways.remove')}
            </Change>
          </Row>
        );
      })}
      <PasskeyFailure error={error} />
    </>
  );
}
