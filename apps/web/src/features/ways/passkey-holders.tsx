import type { WaysIn } from '@serment/replica/sign-in/account';
import type { HolderView } from '@serment/replica/vault';
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useStatus } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { RevokingSheet } from '../members/revoking-sheet.tsx';
import { Change, Row } from './row.tsx';

/** The member's passkeys that add a device: since when, when they served, and how to end it. */
export function PasskeyHolders({ ways }: { readonly ways: WaysIn }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const format = useFormat();
  const status = useStatus();
  const { value: vault, error, again } = useAsked('passkey holders', () => engine.desks.vault.view(), ways);
  const [withdrawing, setWithdrawing] = useState<HolderView | null>(null);
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
        <RevokingSheet
          author={withdrawing.author}
          title={t('ways.passkeyWithdraw')}
          confirm={t('ways.remove')}
          working={t('members.ending')}
          onClose={() => setWithdrawing(null)}
          onDone={() => {
            setWithdrawing(null);
            again();
          }}
        >
          <p>{t('ways.passkeyWithdrawLead')}</p>
        </RevokingSheet>
      )}
    </>
  );
}
