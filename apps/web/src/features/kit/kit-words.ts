import { type Role, roles } from '@serment/core/journal/body';
import { useTranslation } from '../../i18n/use-translation.ts';

/** What a kit opens and what is done with it, in the words of its holder's role. */
export interface KitWords {
  /** What it opens, and never opens. */
  readonly opens: string;
  readonly where: string;
  /** What its use asks for. */
  readonly after: string;
  /** What if its holder is there no more. */
  readonly endTitle: string;
  readonly end: string;
}

/** A role that this version does not know opens what the least one does. */
export function useKitWords(role: string): KitWords {
  const { t } = useTranslation();
  const known: Role = roles.find((one) => one === role) ?? 'accountant';
  const whose = known === 'doctor' ? 'doctor' : 'other';
  return {
    opens: t(`creation.paper.opens.${known}`),
    where: t(`creation.paper.where.${whose}`),
    after: t(`creation.paper.stepReplace.${whose}`),
    endTitle: t(`creation.paper.endTitle.${whose}`),
    end: t(`creation.paper.end.${whose}`),
  };
}
