import { useTranslation } from 'react-i18next';
import { fr } from '../../i18n/fr.ts';
import type { FileCheck } from '../../worker/tables-desk.ts';

/** What is wrong with a file, and where. */
export function useProblemWords(): (file: FileCheck) => string {
  const { t } = useTranslation();
  return ({ name, problem }) => {
    if (problem === null) return name;
    const { code, fields } = problem;
    const { line } = fields;
    const reason = String(fields.reason);
    const words = isKey(fr.tables.reason, reason)
      ? t(`tables.reason.${reason}`)
      : t(`tables.foreign.${isKey(fr.tables.foreign, code) ? code : 'TEXT_UNREADABLE'}`);
    return typeof line === 'number'
      ? t('tables.refusedAt', { name, line, reason: words })
      : t('tables.refusedLine', { name, reason: words });
  };
}

function isKey<Words extends object>(words: Words, key: string): key is keyof Words & string {
  return Object.hasOwn(words, key);
}
