import { trustedScriptUrl } from './worker/trusted-url.ts';

const address = '/check-browser.js';
const attempts = 3;

/**
 * Starts the application where this browser can do what it needs, as public/check-browser.js found and told who reads it;
 * where it cannot start, that script says so. It may not have come: a browser that ends a service worker, as when another
 * window closes, lets fail what was just asked of it. So it is asked for again; where it never comes, what is missing says
 * so by itself.
 */
export async function begin(start: () => Promise<void>): Promise<void> {
  for (let attempt = 0; attempt < attempts && window.sermentCheck === undefined; attempt += 1) await askAgain();
  if (!((await window.sermentCheck) ?? true)) return;
  try {
    await start();
  } catch (error) {
    window.sermentNotStarted?.();
    throw error;
  }
}

function askAgain(): Promise<void> {
  return new Promise((resolve) => {
    const script = document.createElement('script');
    for (const event of ['load', 'error']) script.addEventListener(event, () => resolve(), { once: true });
    script.src = trustedScriptUrl(address);
    document.head.append(script);
  });
}
