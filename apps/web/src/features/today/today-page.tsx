import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { takenDraft } from '../../file-view/draft-key.ts';
import { useFormat } from '../../i18n/format.ts';
import { withWords } from '../../i18n/i18n.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine, useStatus } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useLayout } from '../../ui/layout.ts';
import { useNow } from '../../ui/now.ts';
import { useTitle } from '../../ui/use-title.ts';
import type { DayAppointment, DayDraft } from '../../worker/today-desk.ts';
import { useFollowed } from '../deposits/use-deposits.ts';
import { Taken } from '../file/taken.tsx';
import { useTold } from '../news/news.tsx';
import { focusFilter, PatientList } from '../patients/patient-list.tsx';
import { useNameOrNone } from '../patients/person.tsx';
import { useLate } from '../shell/late.ts';
import { draftForm } from './draft-form.ts';
import { ToSee } from './to-see.tsx';
import './today.css';

const loadNewsSection = async () => (await withWords(import('../news/news-section.tsx'))).NewsSection;

/** What a day begins with: who comes, what was begun, what waits, and what is proven. */
export function TodayPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const layout = useLayout();
  const now = useNow(30_000);
  useTitle(t('today.link'));
  // Whoever lands here types a name at once; on a screen that is touched, a keyboard would cover the day.
  useEffect(() => {
    if (layout === 'desktop' && document.activeElement === document.body) focusFilter();
  }, [layout]);
  const day = (
    <div className="page today-page">
      <h1>{format.weekday(now)}</h1>
      <LastDrill />
      <div className="today-parts">
        <News />
        <Appointments />
        <div className="today-waiting">
          <ToSee />
          <Drafts />
        </div>
      </div>
    </div>
  );
  if (layout === 'desktop') return day;
  return (
    <div className="today-found">
      {layout === 'phone' ? <PatientList layout={layout} idle={day} /> : <PatientList layout={layout} />}
      {layout === 'phone' ? null : day}
    </div>
  );
}

/** Nothing at all where there is nothing; and the list comes before it. */
function News() {
  const { lines, error } = useTold();
  const NewsSection = useLate(loadNewsSection);
  return lines.length === 0 || NewsSection === null ? <Failure error={error} /> : <NewsSection />;
}

/** The last proof by a copy that is still there: what is wrong with one, and how late it is, the shield says. */
function LastDrill() {
  const { t } = useTranslation();
  const format = useFormat();
  const status = useStatus();
  const names = status?.copies.map(({ name }) => name) ?? [];
  const drills = status?.drills.copies.filter(({ destination }) => names.includes(destination)) ?? [];
  const [last] = drills.flatMap(({ proven }) => proven ?? []).toSorted((one, other) => other.startedAt - one.startedAt);
  if (last === undefined) return null;
  return (
    <p className="today-proven">
      <Link to="/coffre">{t('today.restored', { when: format.moment(last.startedAt), count: last.entries })}</Link>
    </p>
  );
}

function Appointments() {
  const { t } = useTranslation();
  const engine = useEngine();
  const { value: day, error } = useFollowed('day', async () => ({ read: await engine.desks.today.day() }));
  const appointments = day?.read?.appointments ?? [];
  const own = appointments.filter(({ isOwn }) => isOwn);
  const others = appointments.filter(({ isOwn }) => !isOwn);
  return (
    <section aria-label={t('today.appointments')}>
      <h2>{t('today.appointments')}</h2>
      <Failure error={error} />
      {day === null && error === null ? (
        <p className="muted" role="status">
          {t('today.loading')}
        </p>
      ) : null}
      {day !== null && day.read === null ? <p className="muted">{t('today.hidden')}</p> : null}
      {/* What could not be read is no "none". */}
      {day?.read?.missing === 0 && appointments.length === 0 ? <p className="muted">{t('today.none')}</p> : null}
      <ol className="day-list">
        {(own.length === 0 ? appointments : own).map((one) => (
          <AppointmentLine key={one.id} appointment={one} />
        ))}
      </ol>
      {own.length === 0 || others.length === 0 ? null : (
        <details className="day-others">
          <summary>{`${t('today.others')} (${others.length})`}</summary>
          <ol className="day-list">
            {others.map((one) => (
              <AppointmentLine key={one.id} appointment={one} />
            ))}
          </ol>
        </details>
      )}
      {appointments.length === 0 ? null : (
        <p className="row-text">
          <Link to="/feuilles" search={{ jour: true }}>
            {t('scanned.sheets.ofToday')}
          </Link>
        </p>
      )}
      {(day?.read?.missing ?? 0) === 0 ? null : (
        <p className="amber row-text">{t('today.missing', { count: day?.read?.missing ?? 0 })}</p>
      )}
    </section>
  );
}

function AppointmentLine({ appointment: { startMs, state, row } }: { readonly appointment: DayAppointment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = useNameOrNone();
  const words = t(`today.${row?.sex === 'female' ? 'stateFemale' : 'state'}.${state}`);
  return (
    <li data-state={state}>
      <span className="muted">{format.time(startMs)}</span>
      {row === null ? (
        <span className="name">{t('today.nobody')}</span>
      ) : (
        <Link className="name" to="/patients/$id" params={{ id: row.id.slice('Patient/'.length) }}>
          {nameOf(row)}
        </Link>
      )}
      <span className="day-state">{words}</span>
      {row === null ? null : <span className="small muted day-who">{format.age(row.birthDate)}</span>}
    </li>
  );
}

function Drafts() {
  const { t } = useTranslation();
  const engine = useEngine();
  const { value, error } = useFollowed('day drafts', () => engine.desks.today.drafts());
  return (
    <section aria-label={t('today.drafts')}>
      <h2>{t('today.drafts')}</h2>
      <Failure error={error} />
      {value?.length === 0 ? <p className="muted">{t('today.noDrafts')}</p> : null}
      <ul className="see-list">
        {(value ?? []).map((draft) => (
          <li key={draft.key}>
            <DraftLine draft={draft} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What was begun, and the page on which it goes on. */
function DraftLine({ draft: { key, patient, row, updatedAt } }: { readonly draft: DayDraft }) {
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = useNameOrNone();
  const form = draftForm(key);
  const taken = takenDraft(key.split('~')[1]);
  const formName =
    form.kind === 'patient'
      ? t('today.newPatient')
      : t(form.kind === 'care' ? `careSheet.subjects.${form.subject}` : `today.forms.${form.name}`);
  const words = (
    <>
      <span>{row === null ? formName : nameOf(row)}</span>
      <span className="muted">
        {row === null ? null : `${formName} · `}
        {format.moment(updatedAt)}
        {taken === null ? null : (
          <>
            {' · '}
            <Taken {...taken} />
          </>
        )}
      </span>
    </>
  );
  if (form.kind === 'patient')
    return (
      <Link to="/nouveau-patient" search={form.apart === null ? {} : { brouillon: form.apart }}>
        {words}
      </Link>
    );
  const name = form.kind === 'form' ? form.name : null;
  if (name === 'tell') return <Link to="/a-classer">{words}</Link>;
  if (name === 'deposit' && patient === null) return <Link to="/depots">{words}</Link>;
  if (patient === null || row === null) return <span className="see-row">{words}</span>;
  return (
    <Link
      to={name === 'identity' ? '/patients/$id/identite' : '/patients/$id'}
      params={{ id: patient.slice('Patient/'.length) }}
    >
      {words}
    </Link>
  );
}
