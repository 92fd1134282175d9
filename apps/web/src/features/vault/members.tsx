import type { PracticeStatus } from '@serment/replica/practice';
import type { VaultView } from '@serment/replica/vault';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format.ts';
import { fr } from '../../i18n/fr.ts';

type Role = keyof typeof fr.vault.role;
type DeviceLabel = keyof typeof fr.vault.deviceLabel;

/** Who can enter, and with which devices. */
export function Members({ vault, status }: { readonly vault: VaultView; readonly status: PracticeStatus }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section>
      <h2>{t('vault.members')}</h2>
      {vault.members.map((member) => (
        <div key={member.member}>
          <div className="vault-row">
            <span>
              {member.name ?? t('file.someone')}{' '}
              <span className="muted">
                {isRole(member.role) ? `· ${t(`vault.role.${member.role}`)} ` : ''}·{' '}
                {t('vault.device', { count: member.devices.filter((device) => device.revokedAt === null).length })}
              </span>
            </span>
            <span className="muted">{member.member === status.member ? t('file.you') : ''}</span>
          </div>
          {member.devices.map((device) => (
            <div className="vault-row device-row" key={device.author}>
              <span className="muted">
                {isDeviceLabel(device.label) ? t(`vault.deviceLabel.${device.label}`) : device.label}{' '}
                <code>{device.author.slice(0, 8)}</code>
              </span>
              <span className="muted">
                {device.revokedAt === null
                  ? t('vault.added', { when: format.moment(device.addedAt) })
                  : t('vault.revoked', { when: format.moment(device.revokedAt) })}
              </span>
            </div>
          ))}
        </div>
      ))}
    </section>
  );
}

function isRole(role: string): role is Role {
  return Object.hasOwn(fr.vault.role, role);
}

function isDeviceLabel(label: string): label is DeviceLabel {
  return Object.hasOwn(fr.vault.deviceLabel, label);
}
