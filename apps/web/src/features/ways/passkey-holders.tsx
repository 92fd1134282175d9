import { Button } from '@mantine/core';
import type { WaysIn } from '@serment/replica/sign-in/account';
import type { HolderView } from '@serment/replica/vault';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format.ts';
import { useAsked, useEngine, useStatus } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { Change, Row } from './row.tsx';

/** The member's passkeys that add a device: since when, when they served, and how to end it. */
export function PasskeyHolders({ ways }: { readonly ways: WaysIn }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const format = useFormat();
  const status = useStatus();
  const { value: vault, error, again } = useAsked('passkey holders', () => engine.vault());
  const [withdrawing, setWithdrawing] = useState<HolderView | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever changed among the ways in asks again.
  useEffect(again, [ways, again]);
  const own = vault?.members.find(({ member }) => member === status?.member)?.devices ?? [];
  const passkeys = own.filter(({ label, revokedAt }) => label === 'passkey' && revokedAt === null);
  const isDoctor = status?.role === 'doctor';
  return (
    <>
      <Failure error={error} />
      {passkeys.map((passkey) => (
        <Row
          key={passkey.author}
          title={t('ways.passkeyHolder')}
          detail={[
            t('ways.passkeyAdded', { date: format.day(passkey.addedAt) }),
            passkey.usedAt === null
              ? t('ways.passkeyUnused')
              : t('kits.servedOn', { when: format.moment(passkey.usedAt) }),
            ...(isDoctor ? [] : [t('ways.passkeyByDoctor')]),
          ].join(' · ')}
        >
          {isDoctor ? (
            <Change label={t('ways.passkeyWithdraw')} onClick={() => setWithdrawing(passkey)}>
              {t('ways.remove')}
            </Change>
          ) : null}
        </Row>
      ))}
      {withdrawing === null ? null : (
        <Withdrawal
          passkey={withdrawing}
          onClose={() => setWithdrawing(null)}
          onDone={() => {
            setWithdrawing(null);
            again();
          }}
        />
      )}
    </>
  );
}

interface WithdrawalProps {
  readonly passkey: HolderView;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function Withdrawal({ passkey, onClose, onDone }: WithdrawalProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { isBusy, error, run } = useAttempt();
  const withdraw = () =>
    run(async () => {
      await engine.revokeDevice(passkey.author);
      onDone();
    });
  return (
    <Sheet title={t('ways.passkeyWithdraw')} onClose={onClose}>
      <div className="authenticator">
        <p>{t('ways.passkeyWithdrawLead')}</p>
        <Failure error={error} />
        <div className="code-actions">
          <Button loading={isBusy} onClick={() => void withdraw()}>
            {t('ways.remove')}
          </Button>
          <Button variant="default" onClick={onClose} disabled={isBusy}>
            {t('app.cancel')}
          </Button>
        </div>
      </div>
    </Sheet>
  );
}
