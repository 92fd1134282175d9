import type { PlannedDose, VaccinationPlan } from '@serment/records/vaccination/due-doses';
import { useTranslation } from 'react-i18next';
import type { fr } from '../../i18n/fr.ts';

type RuleName = keyof typeof fr.care.rules;

export function useDoseName(): (dose: PlannedDose, plan: VaccinationPlan) => string {
  const { t } = useTranslation();
  return (dose, plan) => {
    const vaccine = t(`care.rules.${dose.rule as RuleName}`);
    const isBooster = dose.rule === 'dtpBoosters' || dose.rule === 'pertussisBoosters';
    const isAlone = plan.doses.filter(({ rule }) => rule === dose.rule).length === 1;
    return isBooster || isAlone ? vaccine : t('care.dose', { vaccine, rank: dose.rank });
  };
}
