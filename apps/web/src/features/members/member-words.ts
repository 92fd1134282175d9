import { useTranslation } from 'react-i18next';
import { fr } from '../../i18n/fr.ts';

type Role = keyof typeof fr.vault.role;
type DeviceLabel = keyof typeof fr.vault.deviceLabel;

/** A role in words; '' for one that this version does not know. */
export function useRoleText(): (role: string) => string {
  const { t } = useTranslation();
  return (role) => (isRole(role) ? t(`vault.role.${role}`) : '');
}

/** What a holder is, in words; its own label when this version does not know it. */
export function useDeviceText(): (label: string) => string {
  const { t } = useTranslation();
  return (label) => (isDeviceLabel(label) ? t(`vault.deviceLabel.${label}`) : label);
}

function isRole(role: string): role is Role {
  return Object.hasOwn(fr.vault.role, role);
}

function isDeviceLabel(label: string): label is DeviceLabel {
  return Object.hasOwn(fr.vault.deviceLabel, label);
}
