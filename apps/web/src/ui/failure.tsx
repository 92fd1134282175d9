import type { ReactNode } from 'react';
import { useTranslation } from '../i18n/use-translation.ts';
import { useErrorText } from './error-text.tsx';
import { Notice } from './notice.tsx';

interface FailureProps {
  /** Null while nothing failed. */
  readonly error: unknown;
  readonly action?: ReactNode;
  /** What this place has to add. */
  readonly children?: ReactNode;
}

/** What did not come about, if anything: what happened, what is safe, what to do. */
export function Failure({ error, action, children }: FailureProps) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  if (error === null) return null;
  return (
    <Notice tone="red" title={t('error.title')} action={action}>
      {errorText(error)} {children}
    </Notice>
  );
}
