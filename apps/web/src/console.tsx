import { lazy } from 'react';
import { begin } from './browser-check.ts';
import { takeOperatorCode } from './features/host/operator-code.ts';
import { loadConsoleWords } from './i18n/console.ts';
import { startI18n, withWords } from './i18n/i18n.ts';
import { show } from './show.tsx';

const HostApp = lazy(async () => {
  const [code] = await Promise.all([withWords(import('./features/host/host-app.tsx')), loadConsoleWords()]);
  return { default: code.HostApp };
});

await begin(start);

/** The page of the host's operators: no vault, no worker, nothing of what this browser keeps of its members. */
async function start(): Promise<void> {
  const code = takeOperatorCode();
  await startI18n();
  // A code that is opened over this page loads nothing by itself, and would stay in the address.
  addEventListener('hashchange', () => location.reload());
  show(<HostApp code={code} />);
}
