import type { Page } from '@playwright/test';

/** A passkey device that the browser believes to be built in. */
export interface Authenticator {
  /** From here on the person does not confirm. */
  refuse(): Promise<void>;
  /** From here on the person confirms again. */
  accept(): Promise<void>;
}

export async function addAuthenticator(page: Page, { hasPrf }: { readonly hasPrf: boolean }): Promise<Authenticator> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal' },
      ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true, hasPrf },
      automaticPresenceSimulation: true,
    },
  });
  const confirm = (isUserVerified: boolean) =>
    session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
  return {
    async refuse() {
      await confirm(false);
    },
    async accept() {
      await confirm(true);
    },
  };
}
