import { Button } from '@mantine/core';
import { dateText } from '@serment/records/page/element-text';
import type { VaccinationPlan } from '@serment/records/vaccination/due-doses';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { todayHere } from '../../file-view/care.ts';
import type { CareItem } from '../../file-view/care-list.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { FileFrame, type ReadFile } from '../measures/file-frame.tsx';
import { useOfPatient } from '../measures/use-measures.ts';
import { CareEditing } from './care-editing.tsx';
import { useDoseName } from './dose-name.ts';
import { type VaccineGroup, vaccineGroups } from './vaccine-rows.ts';
import '../measures/measures.css';
import './vaccines.css';

/** The patient is in the address, as for the file. */
export function VaccinesRoute() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/patients/$id/vaccins' });
  const patient = `Patient/${id}`;
  return (
    <FileFrame key={id} patient={patient} hidden={t('vaccines.hidden')}>
      {(read) => <Vaccines {...read} />}
    </FileFrame>
  );
}

/** Every dose of a file by disease, and what the schedule asks for next; printable. */
function Vaccines({ file, patient }: ReadFile) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { value, error } = useOfPatient('vaccines', patient, () => engine.desks.care.vaccines(patient));
  const [isOpen, setOpen] = useState(false);
  const { plan } = file.care;
  const groups = value === null ? [] : vaccineGroups(value.list.items, plan, value.targets, todayHere());
  return (
    <div className="page measures-page vaccines-page">
      <BackLink to="/patients/$id" params={{ id: patient.slice('Patient/'.length) }}>
        {t('measures.toFile')}
      </BackLink>
      <header className="measures-head">
        <h2>{t('vaccines.title')}</h2>
        <div className="measures-actions">
          <Button variant="default" onClick={() => print()}>
            {t('measures.print')}
          </Button>
          {file.mergedInto === null ? <Button onClick={() => setOpen(true)}>{t('vaccines.add')}</Button> : null}
        </div>
      </header>
      {file.isComplete ? null : <Notice tone="amber">{t('careSheet.incomplete')}</Notice>}
      <Failure error={error} />
      {value === null && error === null ? (
        <p className="muted row-text" role="status">
          {t('careSheet.loading')}
        </p>
      ) : null}
      {value === null ? null : <Source plan={plan} isComplete={file.isComplete} />}
      {value !== null && value.list.items.length === 0 && file.isComplete ? (
        <p className="muted row-text">{t('care.noVaccines')}</p>
      ) : null}
      {groups.length === 0 ? null : (
        <table className="vaccines-table">
          <caption className="hidden-text">{t('vaccines.title')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('vaccines.disease')}</th>
              <th scope="col">{t('vaccines.given')}</th>
              <th scope="col">{t('vaccines.next')}</th>
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <Row key={group.key} group={group} plan={plan} />
            ))}
          </tbody>
        </table>
      )}
      <CareEditing row={file.row} subject={isOpen ? 'vaccines' : null} onClose={() => setOpen(false)} />
    </div>
  );
}

/** By which schedule, and what it could not count; or why nothing can be said. */
function Source({ plan, isComplete }: { readonly plan: VaccinationPlan | null; readonly isComplete: boolean }) {
  const { t } = useTranslation();
  if (plan === null) return isComplete ? <Notice tone="amber">{t('vaccines.noPlan')}</Notice> : null;
  const unread = plan.unrecognised + plan.undated;
  return (
    <p className="muted row-text">
      {t('care.planSource', { year: plan.schedule })} {t('vaccines.partial')}{' '}
      {unread === 0 ? '' : t('care.planUnknown', { count: unread })}
    </p>
  );
}

function Row({ group, plan }: { readonly group: VaccineGroup; readonly plan: VaccinationPlan | null }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const nameOf = useDoseName();
  const { key, target, doses, planned } = group;
  const disease = target === null ? key : t(`vaccines.target.${target}`);
  return (
    <tr>
      <th scope="row">{disease}</th>
      <td>
        {doses.length === 0 ? <span className="faint">{t('vaccines.noneGiven')}</span> : null}
        <ul>
          {doses.map((item) => (
            <Dose key={item.recordId} item={item} isNamed={target !== null} />
          ))}
        </ul>
      </td>
      <td>
        <ul>
          {plan === null
            ? null
            : planned.map((dose) => (
                <li key={`${dose.rule} ${dose.rank}`}>
                  {nameOf(dose, plan, disease)}{' '}
                  <span className={dose.status === 'late' ? 'amber' : 'muted'}>
                    {dose.status === 'later'
                      ? t('vaccines.from', { date: dateText(dose.from ?? '', language) })
                      : t(`vaccines.status.${dose.status as 'due'}`)}
                  </span>
                </li>
              ))}
        </ul>
      </td>
    </tr>
  );
}

function Dose({ item, isNamed }: { readonly item: CareItem<'vaccines'>; readonly isNamed: boolean }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { vaccine, date, lot, dose, notDone } = item.facts;
  const parts = [
    isNamed ? vaccine : '',
    dose === undefined ? '' : t('careSheet.dose', { rank: dose }),
    notDone === undefined ? t('careSheet.lot', { lot: lot ?? t('vaccines.unknown') }) : t('careSheet.notGiven'),
    notDone ?? '',
  ];
  return (
    <li>
      <b>{date === undefined ? t('vaccines.undated') : dateText(date.slice(0, 10), language)}</b>{' '}
      <span className="muted">{parts.filter((part) => part !== '').join(', ')}</span>
    </li>
  );
}
