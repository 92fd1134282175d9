import { chromiumAdvice, findChromium } from '../../tools/chromium.ts';

/** How the flows start a browser: the system's, alone, and talking to nobody but the server under test. */
export async function chromiumLaunch(): Promise<{ executablePath: string; args: string[] }> {
  const executablePath = await findChromium();
  if (!executablePath) throw new Error(chromiumAdvice);
  return {
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  };
}
