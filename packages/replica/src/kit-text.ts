import { formatKit, kitQr, kitTestValue, newKit } from '@serment/core/keys/kit';

/** A kit as paper shows it. */
export interface KitText {
  /** 17 groups of 5 characters joined by hyphens. */
  readonly text: string;
  readonly qr: string;
  readonly testValue: string;
}

export function kitText(practice: Uint8Array, seed: Uint8Array): KitText {
  const kit = newKit(practice, seed);
  return { text: formatKit(kit), qr: kitQr(kit), testValue: kitTestValue(seed) };
}
