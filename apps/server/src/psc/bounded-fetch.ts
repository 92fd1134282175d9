import { concatBytes } from '@serment/core/bytes';
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
  return new Response(await readBounded(response), response);
};

async function readBounded({ body }: Response): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const part of body ?? []) {
    sizeBytes += part.length;
    // Leaving the loop ends the connection.
    if (sizeBytes > maxAnswerBytes) throw pscError('PSC_DOWN', 'answer_too_large');
    parts.push(part);
  }
  return concatBytes(...parts);
}
