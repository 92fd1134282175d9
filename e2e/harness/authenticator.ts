import type { Page } from '@playwright/test';

/** A passkey device that the browser believes to be built in. */
export interface Authenticator {
  /** From here on, until the page is left, the person does not confirm. */
  refuse(): Promise<void>;
  /** From here on the person confirms again. */
  accept(): Promise<void>;
}

export async function addAuthenticator(page: Page, { hasPrf }: { readonly hasPrf: boolean }): Promise<Authenticator> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal' },
      ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true, hasPrf },
      automaticPresenceSimulation: true,
    },
  });
  return {
    // As a browser answers whom its own window was closed by. One finger that Chromium's virtual authenticator with a PRF
    // does not recognise uses up all its tries: it then refuses whoever asks, for good.
    refuse: () =>
      page.evaluate(() => {
        const refuse = () => Promise.reject(new DOMException('The person gave it up', 'NotAllowedError'));
        Object.assign(navigator.credentials, { get: refuse, create: refuse });
      }),
    accept: () =>
      page.evaluate(() => {
        for (const asked of ['get', 'create']) Reflect.deleteProperty(navigator.credentials, asked);
      }),
  };
}
