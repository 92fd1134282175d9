import type { OpenDevice } from '@serment/replica/sign-in/account';

/** Shown on the lock screen of a demonstration, which anybody may open. */
export const demoPassword = 'demonstration';

/** Of those that ARCEP keeps for fiction: nobody has it. */
const inventedNumber = '06 39 98 00 42';

/** Gives a demonstration its second factor by itself, at a server of this machine, which shows codes and sends none. */
export async function confirmInventedPhone(device: OpenDevice): Promise<void> {
  const { localCode } = await device.sendPhoneCode({ number: inventedNumber, language: 'fr' });
  if (localCode !== null) await device.confirmPhone(localCode);
}
