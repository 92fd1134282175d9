import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContactLine, FileView, Line, Trend } from '../../file-view/view.ts';
import { useFormat } from '../../i18n/format.ts';
import { useAsked, useEngine, useStatus } from '../../session/use-session.ts';
import type { Layout } from '../../ui/layout.ts';
import { useNow } from '../../ui/now.ts';
import type { Opening } from '../../worker/protocol.ts';
import { CareParts } from '../care/care-parts.tsx';
import { Access } from './access.tsx';
import './summary.css';

interface SummaryProps {
  readonly file: FileView;
  readonly patient: string;
  readonly layout: Layout;
}

const shownLines = 8;
/** A longer detail stands under its line. */
const longDetail = 14;
const longContact = 24;

/** What counts now, beside what happened. On a phone it folds under the banner. */
export function Summary({ file, patient, layout }: SummaryProps) {
  const { t } = useTranslation();
  const { problems, treatments, trends } = file.summary;
  const parts = (
    <>
      {file.canReadClinical ? (
        <>
          <Part title={t('file.problems')}>
            <Lines lines={problems} empty={t(file.isComplete ? 'file.noProblems' : 'care.notLoaded')} />
          </Part>
          <Part title={t('file.treatments')}>
            <Lines lines={treatments} empty={t(file.isComplete ? 'file.noTreatments' : 'care.notLoaded')} />
          </Part>
        </>
      ) : null}
      <Part title={t('file.allergies.title')}>
        <AllergyLines file={file} />
      </Part>
      {file.canReadClinical ? (
        <CareParts
          file={file}
          part={(title, children) => <Part title={title}>{children}</Part>}
          lines={(lines, empty) => <Lines lines={lines} empty={empty} />}
        />
      ) : null}
      {trends.map((trend) => (
        <Part key={trend.label} title={trend.label}>
          <Curve trend={trend} />
        </Part>
      ))}
      <Contact lines={file.contact} />
      {file.canReadClinical ? (
        <Part title={t('file.access.title')}>
          <Access patient={patient} />
        </Part>
      ) : null}
      <OpenedBy patient={patient} />
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

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <h2>{title}</h2>
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

/** A change of a few hundredths must not look like a fall: at least a quarter of the value is shown. */
function shownRange(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const middle = (low + high) / 2;
  const half = Math.max(high - low, Math.abs(middle) / 4) / 2;
  return [middle - half, middle + half];
}

const curve = { width: 270, height: 72, top: 18, bottom: 56 };

/** A measure over time: its last value said, its first and last years under it. */
function Curve({ trend }: { readonly trend: Trend }) {
  const times = trend.points.map(({ day }) => Date.parse(`${day.padEnd(10, '-01')}`));
  const values = trend.points.map(({ value }) => value);
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const [low, high] = shownRange(values);
  const x = (time: number) => (to === from ? curve.width - 4 : 4 + ((time - from) / (to - from)) * (curve.width - 8));
  const y = (value: number) =>
    high === low
      ? (curve.top + curve.bottom) / 2
      : curve.bottom - ((value - low) / (high - low)) * (curve.bottom - curve.top);
  const points = trend.points.map(({ value }, place) => `${x(times[place] ?? from).toFixed(1)} ${y(value).toFixed(1)}`);
  const [lastX, lastY] = [x(times.at(-1) ?? to), y(values.at(-1) ?? low)];
  const years = [trend.points[0]?.day.slice(0, 4) ?? '', trend.points.at(-1)?.day.slice(0, 4) ?? ''];
  return (
    <svg
      className="trend"
      viewBox={`0 0 ${curve.width} ${curve.height}`}
      role="img"
      aria-label={`${trend.label} ${trend.points.map(({ value }) => value).join(', ')}`}
    >
      <path d={`M${points.join(' L')}`} />
      <circle cx={lastX} cy={lastY} r="3" />
      <text className="last" x={curve.width - 2} y={lastY - 9} textAnchor="end">
        {trend.last}
      </text>
      <text x="4" y={curve.height - 1}>
        {years[0]}
      </text>
      <text x={curve.width - 2} y={curve.height - 1} textAnchor="end">
        {years[1] === years[0] ? '' : years[1]}
      </text>
    </svg>
  );
}

const shownOpenings = 5;

function OpenedBy({ patient }: { readonly patient: string }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const format = useFormat();
  const now = useNow(30_000);
  // The trace of this opening is on its way when the file is shown: what is asked is named by the journal's size.
  const size = useStatus()?.size ?? 0;
  const { value: fresh } = useAsked(`openings ${patient} ${size}`, () => engine.openings(patient));
  const [value, setValue] = useState<readonly Opening[] | null>(null);
  if (fresh !== null && fresh !== value) setValue(fresh);
  if (value === null || value.length === 0) return null;
  return (
    <Part title={t('file.openedBy')}>
      <ul>
        {value.slice(0, shownOpenings).map((opening) => (
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
