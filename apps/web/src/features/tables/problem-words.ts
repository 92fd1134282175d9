import type { Catalogue } from '../../i18n/catalogue.ts';
import { i18n } from '../../i18n/i18n.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import type { FileCheck } from '../../worker/tables-desk.ts';

/** What is wrong with a file, and where. */
export function useProblemWords(): (file: FileCheck) => string {
  const { t } = useTranslation();
  return ({ name, problem }) => {
    if (problem === null) return name;
    const { code, fields } = problem;
    const { line } = fields;
    const reason = String(fields.reason);
    const words = isReason(reason)
      ? t(`tables.reason.${reason}`)
      : t(`tables.foreign.${isForeign(code) ? code : 'TEXT_UNREADABLE'}`);
    return typeof line === 'number'
      ? t('tables.refusedAt', { name, line, reason: words })
      : t('tables.refusedLine', { name, reason: words });
  };
}

function isReason(code: string): code is keyof Catalogue['tables']['reason'] {
  return i18n.exists(`tables.reason.${code}`);
}

function isForeign(code: string): code is keyof Catalogue['tables']['foreign'] {
  return i18n.exists(`tables.foreign.${code}`);
}
