import { chromiumAdvice, findChromium } from '../../tools/chromium.ts';

export interface ChromiumLaunch {
  readonly executablePath: string;
  readonly args: string[];
  readonly env: Record<string, string | undefined>;
}

/** How the flows start a browser: the system's, alone, and talking to nobody but the server under test. */
export async function chromiumLaunch(): Promise<ChromiumLaunch> {
  const executablePath = await findChromium();
  if (!executablePath) throw new Error(chromiumAdvice);
  return {
    executablePath,
    // What a page is told of its time zone does not reach a worker that pages share.
    env: { ...process.env, TZ: 'Europe/Paris' },
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
