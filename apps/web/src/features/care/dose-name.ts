import type { PlannedDose, VaccinationPlan } from '@serment/records/vaccination/due-doses';
import type { Catalogue } from '../../i18n/catalogue.ts';
import { useTranslation } from '../../i18n/use-translation.ts';

type RuleName = keyof Catalogue['care']['rules'];

/** What a dose is called; its rank alone beside the name of what it protects from, `beside`. */
export function useDoseName(): (dose: PlannedDose, plan: VaccinationPlan, beside?: string) => string {
  const { t } = useTranslation();
  return (dose, plan, beside) => {
    const vaccine = t(`care.rules.${dose.rule as RuleName}`);
    const isBooster = dose.rule === 'dtpBoosters' || dose.rule === 'pertussisBoosters';
    const isAlone = plan.doses.filter(({ rule }) => rule === dose.rule).length === 1;
    if (isBooster || isAlone) return vaccine;
    return vaccine === beside ? t('vaccines.rank', { rank: dose.rank }) : t('care.dose', { vaccine, rank: dose.rank });
  };
}
