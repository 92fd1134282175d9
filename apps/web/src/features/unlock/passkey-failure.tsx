import type { ReactNode } from 'react';
import { useErrorText } from '../../ui/error-text.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { codeOf } from '../../worker/carried-error.ts';

interface PasskeyFailureProps {
  readonly error: unknown;
  /** What this place has to add. */
  readonly children?: ReactNode;
}

/** Why a passkey did not serve. That none was given is what somebody decided: no alarm. */
export function PasskeyFailure({ error, children }: PasskeyFailureProps) {
  const errorText = useErrorText();
  const isNotGiven = ['PASSKEY_CANCELLED', 'PASSKEY_ABSENT'].includes(codeOf(error));
  return isNotGiven ? <Notice tone="plain">{errorText(error)}</Notice> : <Failure error={error}>{children}</Failure>;
}
