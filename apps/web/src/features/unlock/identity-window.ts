import { CodedError } from '@serment/core/error';
import type { IdentityAnswer } from '@serment/replica/sign-in/identity';

/** What the window sends home: the fragment that it came back with. */
const channelName = 'serment-identity';
const waitMs = 5 * 60_000;
const answerForm = /^([0-9a-f]{32})\.([0-9a-f]{64})$/;
const refusalForm = /^(?:[0-9a-f]{32}|-)\.error\.([A-Z][A-Z_]{1,40})$/;

/**
 * Opens a window where a card or Pro Santé Connect shows who is there, and waits for what it brings back. Called within a
 * gesture, or the browser opens nothing. Throws WINDOW_BLOCKED, IDENTITY_CANCELLED, and the code of a refusal.
 */
export async function proveIdentity(begin: () => Promise<string>, signal: AbortSignal): Promise<IdentityAnswer> {
  const shown = open('', '_blank', 'popup,width=560,height=760');
  if (shown === null) throw new CodedError('WINDOW_BLOCKED', 'The browser opened no window');
  const channel = new BroadcastChannel(channelName);
  try {
    // Whoever is sent elsewhere from here can say nothing to this page: what comes back comes by the channel.
    const returned = fragmentFrom(channel, AbortSignal.any([signal, AbortSignal.timeout(waitMs)]));
    returned.catch(() => undefined);
    shown.location.replace(new URL(await begin(), location.origin));
    return readFragment(await returned);
  } catch (error) {
    shown.close();
    throw error;
  } finally {
    channel.close();
  }
}

/** The window's end: tells the page that waits, leaves nothing in the address, and closes. */
export function returnIdentity(): void {
  const fragment = location.hash.slice(1);
  history.replaceState(null, '', '/identity');
  const channel = new BroadcastChannel(channelName);
  channel.postMessage(fragment);
  channel.close();
  close();
}

function fragmentFrom(channel: BroadcastChannel, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const cancel = () => reject(new CodedError('IDENTITY_CANCELLED', 'Nobody showed who is there'));
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') resolve(data);
    });
  });
}

function readFragment(fragment: string): IdentityAnswer {
  const [, attempt, code] = answerForm.exec(fragment) ?? [];
  if (attempt !== undefined && code !== undefined) return { attempt, code };
  throw new CodedError(refusalForm.exec(fragment)?.[1] ?? 'IDENTITY_CANCELLED', 'The identity was not shown');
}
