import type { VaccinationPlan } from '@serment/records/vaccination/due-doses';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { CareSubject } from '../../file-view/care-list.ts';
import type { FileView, Line } from '../../file-view/view.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useDoseName } from './dose-name.ts';

interface CarePartsProps {
  readonly file: FileView;
  readonly patient: string;
  readonly part: (subject: CareSubject, title: string, children: ReactNode) => ReactNode;
  readonly lines: (lines: readonly Line[], empty: string) => ReactNode;
}

/** Vaccines with what the schedule asks for, family history and way of life, in the margin of a file. */
export function CareParts({ file, patient, part, lines }: CarePartsProps) {
  const { t } = useTranslation();
  const { family, social, vaccines, plan, consents, information } = file.care;
  const empty = (words: string) => (file.isComplete ? words : t('care.notLoaded'));
  return (
    <>
      {part(
        'vaccines',
        t('care.vaccines'),
        <>
          {plan === null ? null : <ToDo plan={plan} />}
          {lines(vaccines, empty(t('care.noVaccines')))}
          <Link to="/patients/$id/vaccins" params={{ id: patient.slice('Patient/'.length) }} className="text-button">
            {t('vaccines.link')}
          </Link>
        </>,
      )}
      {part('ald', t('care.ald'), lines(file.banner.flags ?? [], empty(t('care.noAld'))))}
      {consents.length === 0 ? null : part('consents', t('care.consents'), lines(consents, ''))}
      {information.length === 0 ? null : part('information', t('care.information'), lines(information, ''))}
      {part('family', t('care.family'), lines(family, empty(t('care.noFamily'))))}
      {part('social', t('care.social'), lines(social, empty(t('care.noSocial'))))}
    </>
  );
}

/** What the schedule asks for now, which schedule it is, and what it could not count. */
function ToDo({ plan }: { readonly plan: VaccinationPlan }) {
  const { t } = useTranslation();
  const nameOf = useDoseName();
  const asked = plan.doses.filter(({ status }) => status === 'due' || status === 'late');
  const unread = plan.unrecognised + plan.undated;
  if (asked.length === 0) return null;
  return (
    <div className="care-to-do">
      <h3>{t('care.toDo')}</h3>
      <ul>
        {asked.map((dose) => (
          <li key={`${dose.rule} ${dose.rank}`} data-long={dose.status === 'late'}>
            <span>{nameOf(dose, plan)}</span>
            <span className="muted">{t(dose.status === 'late' ? 'care.late' : 'care.due')}</span>
          </li>
        ))}
      </ul>
      <p className="small faint">
        {t('care.planSource', { year: plan.schedule })} {unread === 0 ? '' : t('care.planUnknown', { count: unread })}
      </p>
    </div>
  );
}
