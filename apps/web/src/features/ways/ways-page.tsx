import { hasTwoWays } from '@serment/replica/sign-in/account';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useSessionState, useStatus } from '../../session/use-session.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Sheet } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { DeviceNameSheet } from '../members/device-name-sheet.tsx';
import { PhoneConfirm } from '../welcome/phone-confirm.tsx';
import { AuthenticatorSheet } from './authenticator-sheet.tsx';
import { CardRow } from './card-row.tsx';
import { ChangePassword } from './change-password.tsx';
import { FactorPasskeys } from './factor-passkeys.tsx';
import { NotificationsRow } from './notifications-row.tsx';
import { OfflineRow } from './offline-row.tsx';
import { OfflineSheet } from './offline-sheet.tsx';
import { OpenSessions } from './open-sessions.tsx';
import { PasskeyHolders } from './passkey-holders.tsx';
import { PasskeyRow } from './passkey-row.tsx';
import { PinSheet } from './pin-sheet.tsx';
import { Change, Row } from './row.tsx';
import './ways.css';

type Changing = 'password' | 'phone' | 'authenticator' | 'pin' | 'name' | 'offline' | null;

/** How one enters: what is the member's on every device, and what unlocks this one again. */
export function WaysPage() {
  const { t } = useTranslation();
  const engine = useEngine();
  const current = useSessionState().engine.current;
  const { value: ways, error, again } = useAsked('ways', () => engine.waysIn());
  const canName = useStatus()?.compartments.includes('admin') ?? false;
  const name = useAsked('device name', () => engine.desks.devices.ownName());
  const [changing, setChanging] = useState<Changing>(null);
  useTitle(t('ways.title'));
  const done = () => {
    setChanging(null);
    again();
  };
  if (current === null) return null;
  return (
    <div className="page ways-page">
      <BackLink to="/coffre">{t('vault.title')}</BackLink>
      <h1>{t('ways.title')}</h1>
      <p className="muted ways-lead">{t('ways.lead')}</p>
      <Failure error={error} />
      {ways === null ? (
        error === null ? (
          <p className="muted row-text" role="status">
            {t('ways.loading')}
          </p>
        ) : null
      ) : (
        <>
          {hasTwoWays(ways) ? null : <Notice tone="amber">{t('ways.one')}</Notice>}
          <section>
            <h2>{t('ways.everywhere')}</h2>
            <Row title={t('ways.password')} detail={t('ways.passwordDetail')}>
              <Change onClick={() => setChanging('password')}>{t('ways.change')}</Change>
            </Row>
            <Row title={t('ways.phone')} detail={ways.phone ?? t('ways.none')} isNumber>
              <Change onClick={() => setChanging('phone')}>
                {t(ways.phone === null ? 'ways.add' : 'ways.change')}
              </Change>
            </Row>
            <Row
              title={t('ways.authenticator')}
              detail={ways.hasTotp ? t('ways.codesLeft', { count: ways.recoveryCodes }) : t('ways.authenticatorDetail')}
            >
              <Change onClick={() => setChanging('authenticator')}>
                {t(ways.hasTotp ? 'ways.change' : 'ways.add')}
              </Change>
            </Row>
            <FactorPasskeys person={current} passkeys={ways.factorPasskeys} onChanged={again} />
            <Row title={t('ways.device')} detail={t('ways.deviceDetail')}>
              <Link to="/coffre/acces/appareil" aria-label={t('adding.title')}>
                {t('ways.add')}
              </Link>
            </Row>
            <PasskeyHolders ways={ways} />
          </section>
          <section>
            <h2>{t('ways.here')}</h2>
            {canName ? (
              <Row title={t('ways.name')} detail={name.value ?? t('ways.none')}>
                <Change onClick={() => setChanging('name')}>{t('members.rename')}</Change>
              </Row>
            ) : null}
            <CardRow ways={ways} device={current.device} onChanged={again} />
            <PasskeyRow person={current} onChanged={again} />
            <Row title={t('ways.pin')} detail={t('ways.pinDetail')}>
              <Change onClick={() => setChanging('pin')}>{t(ways.hasPin ? 'ways.change' : 'ways.choose')}</Change>
            </Row>
            <NotificationsRow />
            <OfflineRow state={current.ways.offline} onChoose={() => setChanging('offline')} onChanged={again} />
          </section>
        </>
      )}
      <OpenSessions />
      {changing === 'password' ? <ChangePassword onClose={() => setChanging(null)} onDone={done} /> : null}
      {changing === 'phone' ? (
        <Sheet title={t('ways.phone')} onClose={() => setChanging(null)}>
          <PhoneConfirm number="" onConfirmed={done} />
        </Sheet>
      ) : null}
      {changing === 'authenticator' && ways !== null ? (
        <AuthenticatorSheet isSet={ways.hasTotp} onClose={done} />
      ) : null}
      {changing === 'name' ? (
        <DeviceNameSheet
          author={null}
          name={name.value}
          onClose={() => setChanging(null)}
          onDone={() => {
            setChanging(null);
            name.again();
          }}
        />
      ) : null}
      {changing === 'pin' ? <PinSheet onClose={() => setChanging(null)} onDone={done} /> : null}
      {changing === 'offline' ? <OfflineSheet onClose={() => setChanging(null)} onDone={done} /> : null}
    </div>
  );
}
