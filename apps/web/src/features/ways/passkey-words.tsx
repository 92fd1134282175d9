import { useErrorText } from '../../ui/error-text.tsx';
import { Notice } from '../../ui/notice.tsx';
import { codeOf } from '../../worker/carried-error.ts';
import type { KnownPerson } from '../../worker/protocol.ts';

/** That a passkey was not given is what somebody decided. */
export function PasskeyFailure({ error }: { readonly error: unknown }) {
  const errorText = useErrorText();
  if (error === null) return null;
  return <Notice tone={codeOf(error) === 'PASSKEY_CANCELLED' ? 'plain' : 'amber'}>{errorText(error)}</Notice>;
}

/** Whose a passkey is, as the browser lists it. */
export function passkeyLabel({ name, practiceName }: KnownPerson): string {
  return [name, practiceName].filter(Boolean).join(' · ') || 'Serment';
}
