import type { PlannedDose, VaccinationPlan } from '@serment/records/vaccination/due-doses';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from '../../i18n/catalogue.ts';

type RuleName = keyof Catalogue['care']['rules'];

export function useDoseName(): (dose: PlannedDose, plan: VaccinationPlan) => string {
  const { t } = useTranslation();
  return (dose, plan) => {
    const vaccine = t(`care.rules.${dose.rule as RuleName}`);
    const isBooster = dose.rule === 'dtpBoosters' || dose.rule === 'pertussisBoosters';
    const isAlone = plan.doses.filter(({ rule }) => rule === dose.rule).length === 1;
    return isBooster || isAlone ? vaccine : t('care.dose', { vaccine, rank: dose.rank });
  };
}
