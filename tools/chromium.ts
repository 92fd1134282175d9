import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const folders = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome'];
const macApplications = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export const chromiumAdvice =
  'No Chromium was found: install one (apt-get install chromium) or give its path in CHROMIUM_PATH.';

/** The path of a Chromium to run the browser flows with: `CHROMIUM_PATH`, else the system's, else Playwright's; null if none. */
export async function findChromium(env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  if (env.CHROMIUM_PATH) return isExecutable(env.CHROMIUM_PATH) ? env.CHROMIUM_PATH : null;
  const searched = [...folders, ...(env.PATH ?? '').split(delimiter).filter(Boolean)];
  const installed = [...searched.flatMap((folder) => names.map((name) => join(folder, name))), ...macApplications];
  const found = installed.find(isExecutable);
  if (found) return found;
  const { chromium } = await import('@playwright/test');
  const downloaded = chromium.executablePath();
  return existsSync(downloaded) ? downloaded : null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
