import { type Remote, wrap } from 'comlink';
import { trustedScriptUrl } from '../../apps/web/src/worker/trusted-url.ts';
import type { MeasuredApi } from './measured-worker.ts';
import workerUrl from './measured-worker.ts?worker&url';

declare global {
  interface Window {
    /** What the bench asks of the page: the worker, as the application's pages reach theirs. */
    measured: Remote<MeasuredApi>;
  }
}

window.measured = wrap<MeasuredApi>(new Worker(trustedScriptUrl(workerUrl), { type: 'module' }));
