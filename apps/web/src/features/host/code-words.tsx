import type { copyCodes } from '../../i18n/fr/copy-codes.ts';
import { i18n } from '../../i18n/i18n.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { whyOf } from '../vault/drill-words.ts';

type Known = keyof (typeof copyCodes)['copyCode'];

interface CodeWordsProps {
  readonly code: string;
  /** Whom it concerns, where that is to be said. */
  readonly whom?: string;
}

/** What is wrong, in a sentence; and its code, by which docs/operations.md says what to do. */
export function CodeWords({ code, whom = '' }: CodeWordsProps) {
  const { t } = useTranslation();
  return (
    <span>
      {[t(`copyCode.${knownOf(code)}`), whom].filter((part) => part !== '').join(', ')}{' '}
      <code className="muted">{code}</code>
    </span>
  );
}

function knownOf(code: string): Known {
  return /^[A-Z_]+$/.test(code) && i18n.exists(`copyCode.${code}`) ? (code as Known) : whyOf(code);
}
