import { readAtMost } from '@serment/store/bounded-read';
import type { CustomFetch } from 'openid-client';
import { pscError } from './failure.ts';

/** What a provider's description, keys, tokens and claims fill, with room to spare. */
const maxAnswerBytes = 262_144;

/**
 * A `fetch` for a provider that may be hostile: redirects are not followed, and the whole answer, at most 256 KiB, must
 * come before the signal that openid-client gives. Throws PSC_DOWN when it is larger, and what `fetch` throws.
 */
export const boundedFetch: CustomFetch = async (address, { method, headers, body, redirect, signal }) => {
  const response = await fetch(address, {
    ...{ method, headers, redirect, signal: signal ?? null },
    // A code's exchange is the only request here with a body.
    body: body instanceof URLSearchParams ? body : null,
  });
  const bytes = await readAtMost(response.body, maxAnswerBytes);
  if (bytes === null) throw pscError('PSC_DOWN', 'answer_too_large');
  return new Response(bytes, response);
};
