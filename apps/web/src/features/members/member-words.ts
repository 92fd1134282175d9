import type { Catalogue } from '../../i18n/catalogue.ts';
import { i18n } from '../../i18n/i18n.ts';
import { useTranslation } from '../../i18n/use-translation.ts';

type Role = keyof Catalogue['vault']['role'];
type DeviceLabel = keyof Catalogue['vault']['deviceLabel'];

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

/** What a device is called; one without a name by what it is, and the first half of what tells it apart. */
export function useDeviceName(): (device: {
  readonly name: string | null;
  readonly label: string | null;
  readonly author: string;
}) => string {
  const deviceText = useDeviceText();
  return ({ name, label, author }) => name ?? `${deviceText(label ?? '')} ${author.slice(0, 8)}`.trim();
}

function isRole(role: string): role is Role {
  return i18n.exists(`vault.role.${role}`);
}

function isDeviceLabel(label: string): label is DeviceLabel {
  return i18n.exists(`vault.deviceLabel.${label}`);
}
