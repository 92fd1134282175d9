import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { CareSubject } from '../../file-view/care-list.ts';
import type { ContactLine, FileView, Line } from '../../file-view/view.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useStatus } from '../../session/use-session.ts';
import { Curve } from '../../ui/curve.tsx';
import type { Layout } from '../../ui/layout.ts';
import { useNow } from '../../ui/now.ts';
import type { Opening } from '../../worker/openings.ts';
import { CareEdit, type OnEditCare } from '../care/care-editing.tsx';
import { CareParts } from '../care/care-parts.tsx';
import { MeasuresPart } from '../measures/measures-part.tsx';
import type { NotingProps } from '../measures/noting.tsx';
import { KeepFile } from '../offline/keep-file.tsx';
import { RelativesPart } from '../patients/relatives-part.tsx';
import { Access } from './access.tsx';
import './summary.css';

interface SummaryProps {
  readonly file: FileView;
  readonly patient: string;
  readonly layout: Layout;
  readonly noting: NotingProps;
  /** Null where the lists are read and not written. */
  readonly onEditCare: OnEditCare | null;
}

const shownLines = 8;
/** A longer detail stands under its line. */
const longDetail = 14;
const longContact = 24;

/** What counts now, beside what happened. On a phone it folds under the banner. */
export function Summary({ file, patient, layout, noting, onEditCare }: SummaryProps) {
  const { t } = useTranslation();
  const { problems, treatments, trends } = file.summary;
  const edit = (subject: CareSubject) => <CareEdit subject={subject} onEdit={onEditCare} />;
  const parts = (
    <>
      {file.canReadClinical ? (
        <>
          <Part title={t('file.problems')} edit={edit('problems')}>
            <Lines lines={problems} empty={t(file.isComplete ? 'file.noProblems' : 'care.notLoaded')} />
          </Part>
          <Part title={t('file.treatments')} edit={edit('treatments')}>
            <Lines lines={treatments} empty={t(file.isComplete ? 'file.noTreatments' : 'care.notLoaded')} />
          </Part>
        </>
      ) : null}
      <Part title={t('file.allergies.title')} edit={edit('allergies')}>
        <AllergyLines file={file} />
      </Part>
      {file.canReadClinical ? (
        <CareParts
          file={file}
          patient={patient}
          part={(subject, title, children) => (
            <Part title={title} edit={edit(subject)}>
              {children}
            </Part>
          )}
          lines={(lines, empty) => <Lines lines={lines} empty={empty} />}
        />
      ) : null}
      {trends.map((trend) => (
        <Part key={trend.label} title={trend.label}>
          <Curve {...trend} />
        </Part>
      ))}
      {file.canReadClinical ? <MeasuresPart file={file} patient={patient} {...noting} /> : null}
      <Contact lines={file.contact} />
      {file.care.coverage.length === 0 ? null : (
        <Part title={t('care.coverage')} edit={edit('coverage')}>
          <Lines lines={file.care.coverage} empty="" />
        </Part>
      )}
      <RelativesPart patient={patient} part={(title, children) => <Part title={title}>{children}</Part>} />
      {file.canReadClinical ? (
        <Part title={t('file.access.title')} isOnScreenOnly>
          <Access patient={patient} />
        </Part>
      ) : null}
      <OpenedBy patient={patient} />
      <Part title={t('offlineFile.kept.title')} isOnScreenOnly>
        <KeepFile patient={patient} />
      </Part>
      {file.canReadClinical ? (
        <p className="summary-ways on-screen-only">
          <Link to="/patients/$id/passe" params={{ id: patient.slice('Patient/'.length) }} search={{}}>
            {t('travel.link')}
          </Link>
          <Link to="/patients/$id/copie" params={{ id: patient.slice('Patient/'.length) }} search={{}}>
            {t('copyRestore.link')}
          </Link>
        </p>
      ) : null}
    </>
  );
  if (layout !== 'phone')
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a long summary is scrolled by keyboard.
      <aside className="summary" aria-label={t('file.summary')} tabIndex={0}>
        {parts}
      </aside>
    );
  return (
    <aside className="summary" aria-label={t('file.summary')}>
      {/* Who may not read the file came for this. */}
      <details open={!file.canReadClinical}>
        <summary>{t('file.summary')}</summary>
        {parts}
      </details>
    </aside>
  );
}

interface PartProps {
  readonly title: string;
  readonly edit?: ReactNode;
  readonly isOnScreenOnly?: boolean;
  readonly children: ReactNode;
}

function Part({ title, edit, isOnScreenOnly = false, children }: PartProps) {
  return (
    <section {...(isOnScreenOnly ? { className: 'on-screen-only' } : {})}>
      <div className="summary-head">
        <h2>{title}</h2>
        {edit}
      </div>
      {children}
    </section>
  );
}

function Lines({
  lines,
  empty,
}: {
  readonly lines: readonly (Line & { readonly isOver?: boolean })[];
  readonly empty: string;
}) {
  const { t } = useTranslation();
  const [isWhole, setWhole] = useState(false);
  if (lines.length === 0) return <p className="faint">{empty}</p>;
  const shown = isWhole ? lines : lines.slice(0, shownLines);
  return (
    <>
      <ul>
        {shown.map((line) => (
          <li
            key={`${line.label} ${line.detail}`}
            data-over={line.isOver === true}
            data-long={line.detail.length > longDetail}
          >
            <span>{line.label}</span>
            <span className="muted">{line.detail}</span>
          </li>
        ))}
      </ul>
      {lines.length > shownLines ? (
        <button type="button" className="text-button" onClick={() => setWhole(!isWhole)}>
          {isWhole ? t('file.fold') : `${t('file.showAll')} (${lines.length})`}
        </button>
      ) : null}
    </>
  );
}

function AllergyLines({ file }: { readonly file: FileView }) {
  const { t } = useTranslation();
  const { allergies } = file.banner;
  if (allergies.kind === 'some')
    return (
      <ul>
        {allergies.list.map((line) => (
          <li key={`${line.label} ${line.detail}`}>
            <span className="red">{line.label}</span>
            <span className="muted">{line.detail}</span>
          </li>
        ))}
      </ul>
    );
  const words = {
    hidden: 'hiddenShort',
    loading: 'loadingShort',
    'not-asked': 'notAskedShort',
    'none-known': 'noneShort',
  } as const;
  return (
    <p className={allergies.kind === 'none-known' ? '' : 'faint'}>{t(`file.allergies.${words[allergies.kind]}`)}</p>
  );
}

function Contact({ lines }: { readonly lines: readonly ContactLine[] }) {
  const { t } = useTranslation();
  return (
    <Part title={t('file.contact.title')}>
      {lines.length === 0 ? <p className="faint">{t('file.contact.none')}</p> : null}
      <ul className="contact">
        {lines.map(({ kind, text, href }) => (
          <li key={`${kind} ${text}`} data-long={text.length > longContact}>
            <span className="muted">{t(`file.contact.${kind}`)}</span>
            <span>{href === null ? text : <a href={href}>{text}</a>}</span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

const shownOpenings = 5;

/** Who, each once, by the last time: how often is the access journal's. */
function lastOfEach(openings: readonly Opening[]): Opening[] {
  const seen = new Set<string>();
  const last = openings.filter(({ member }) => !seen.has(member) && seen.add(member));
  return last.slice(0, shownOpenings);
}

function OpenedBy({ patient }: { readonly patient: string }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const format = useFormat();
  const now = useNow(30_000);
  // The trace of this opening is on its way when the file is shown: what is asked is named by the journal's size.
  const size = useStatus()?.size ?? 0;
  const { value: fresh } = useAsked(`openings ${patient} ${size}`, () => engine.desks.access.openings(patient));
  const [value, setValue] = useState<readonly Opening[] | null>(null);
  if (fresh !== null && fresh !== value) setValue(fresh);
  if (value === null || value.length === 0) return null;
  return (
    <Part title={t('file.openedBy')} isOnScreenOnly>
      <ul>
        {lastOfEach(value).map((opening) => (
          <li key={opening.at}>
            <span>{opening.isSelf ? t('file.you') : (opening.name ?? t('file.someone'))}</span>
            <span className="muted">
              {now - opening.at < 86_400_000 ? format.ago(opening.at, now) : format.moment(opening.at, now)}
            </span>
          </li>
        ))}
      </ul>
    </Part>
  );
}
