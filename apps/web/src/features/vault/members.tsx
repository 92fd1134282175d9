import type { PracticeStatus } from '@serment/replica/practice';
import type { HolderView, VaultView } from '@serment/replica/vault';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format.ts';
import { fr } from '../../i18n/fr.ts';
import { useTermText } from './term-text.ts';

type Role = keyof typeof fr.vault.role;
type DeviceLabel = keyof typeof fr.vault.deviceLabel;

/** Who can enter, and with what. One's own kits stand under one's own part. */
export function Members({ vault, status }: { readonly vault: VaultView; readonly status: PracticeStatus }) {
  const { t } = useTranslation();
  const termText = useTermText();
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
                {t('vault.device', {
                  count: member.devices.filter((device) => isMachine(device) && device.revokedAt === null).length,
                })}
              </span>
              {member.term === null ? null : <span className="muted"> · {termText(member.term)}</span>}
            </span>
            <span className="muted">{member.member === status.member ? t('file.you') : ''}</span>
          </div>
          {member.devices.map((device) => (
            <HolderRow key={device.author} holder={device}>
              {isDeviceLabel(device.label) ? t(`vault.deviceLabel.${device.label}`) : device.label}{' '}
              <code>{device.author.slice(0, 8)}</code>
            </HolderRow>
          ))}
          {(member.member === status.member ? [] : member.kits).map((kit) => (
            <HolderRow key={kit.author} holder={kit}>
              {t('vault.kit', { testValue: kit.label })}
            </HolderRow>
          ))}
        </div>
      ))}
    </section>
  );
}

function HolderRow({ holder, children }: { readonly holder: HolderView; readonly children: ReactNode }) {
  const { t } = useTranslation();
  const format = useFormat();
  const standingText = ({ addedAt, revokedAt, frozenAt }: HolderView) => {
    if (revokedAt !== null) return t('vault.revoked', { when: format.moment(revokedAt) });
    if (frozenAt !== null) return t('vault.frozen', { when: format.moment(frozenAt) });
    return t('vault.added', { when: format.moment(addedAt) });
  };
  return (
    <div className="vault-row device-row">
      <span className="muted">{children}</span>
      <span className="muted">{standingText(holder)}</span>
    </div>
  );
}

/** What a member works on: no passkey, and no invitation that waits. */
function isMachine({ label }: HolderView): boolean {
  return label !== 'passkey' && label !== 'invitation';
}

function isRole(role: string): role is Role {
  return Object.hasOwn(fr.vault.role, role);
}

function isDeviceLabel(label: string): label is DeviceLabel {
  return Object.hasOwn(fr.vault.deviceLabel, label);
}
