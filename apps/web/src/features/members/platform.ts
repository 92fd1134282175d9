import { useTranslation } from '../../i18n/use-translation.ts';

/** What a device is, as far as its browser tells. */
export type Platform =
  | 'windows'
  | 'mac'
  | 'linux'
  | 'chromebook'
  | 'iphone'
  | 'ipad'
  | 'androidPhone'
  | 'androidTablet'
  | 'other';

/** In order: what comes first also says what comes after. */
const marks: readonly (readonly [RegExp, Platform])[] = [
  [/iPhone|iPod/, 'iphone'],
  [/iPad/, 'ipad'],
  [/Android.*Mobile/, 'androidPhone'],
  [/Android/, 'androidTablet'],
  [/CrOS/, 'chromebook'],
  [/Windows/, 'windows'],
  [/Macintosh|Mac OS X/, 'mac'],
  [/Linux|X11/, 'linux'],
];

export function platformOf(userAgent: string, touchPoints: number): Platform {
  const platform = marks.find(([mark]) => mark.test(userAgent))?.[1] ?? 'other';
  // An iPad says that it is a Mac, and no Mac is touched.
  return platform === 'mac' && touchPoints > 1 ? 'ipad' : platform;
}

/** A name for this device until its member gives another one. It goes nowhere but into the vault, sealed. */
export function useProposedName(): string {
  const { t } = useTranslation();
  return t(`members.platform.${platformOf(navigator.userAgent, navigator.maxTouchPoints)}`);
}
