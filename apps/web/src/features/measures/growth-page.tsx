import { Button } from '@mantine/core';
import { CodedError } from '@serment/core/error';
import { type GrowthIndicator, growthIndicators, lastGrowthDay } from '@serment/records/growth/growth-table';
import { dateText } from '@serment/records/page/element-text';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { useLanguage } from '../../i18n/use-language.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { GrowthView } from '../../worker/measures-desk.ts';
import { FileFrame, type ReadFile } from './file-frame.tsx';
import { GrowthChart, type GrowthSpan, growthSpans, spanOf } from './growth-chart.tsx';
import { useGrowthWords } from './growth-words.ts';
import { useOfPatient } from './use-measures.ts';
import './measures.css';

/** How a child under five grows, against the table that the practice loaded. */
export function GrowthPage({ patient }: { readonly patient: string }) {
  const { t } = useTranslation();
  return (
    <FileFrame patient={patient} hidden={t('measures.hidden')}>
      {(read) => <Growth key={patient} {...read} />}
    </FileFrame>
  );
}

export type GrowthLines = 'centiles' | 'deviations';

const spanNames = { 12: 'year', 24: 'twoYears', 60: 'fiveYears' } as const satisfies Record<GrowthSpan, string>;

function Growth({ file, patient }: ReadFile) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { value, error } = useOfPatient('growth', patient, () => engine.desks.measures.growth(patient));
  const [lines, setLines] = useState<GrowthLines>('centiles');
  const [chosen, setChosen] = useState<GrowthSpan | null>(null);
  const isUnread = error instanceof CodedError && error.code === 'UNREACHABLE' && value === null;
  const span = chosen ?? spanOf(Math.max(0, ...(value?.points ?? []).map(({ ageDays }) => ageDays)));
  const { sex } = file.row;
  return (
    <div className="page measures-page growth-page">
      <BackLink to="/patients/$id" params={{ id: patient.slice('Patient/'.length) }}>
        {t('measures.toFile')}
      </BackLink>
      <header className="measures-head">
        <h2>
          {t('growth.title')}
          {sex === 'male' || sex === 'female' ? <span className="faint"> {t(`growth.sexAt.${sex}`)}</span> : null}
        </h2>
        <div className="measures-actions">
          <Button variant="default" onClick={() => print()}>
            {t('measures.print')}
          </Button>
        </div>
      </header>
      {file.isComplete ? null : <Notice tone="amber">{t('measures.incomplete')}</Notice>}
      {isUnread ? <Notice tone="amber">{t('growth.unread')}</Notice> : <Failure error={error} />}
      {value === null && error === null ? (
        <p className="muted row-text" role="status">
          {t('growth.loading')}
        </p>
      ) : null}
      {value === null ? null : (
        <>
          <Reference view={value} />
          {value.missing === null ? (
            <div className="growth-choices">
              <Choice
                label={t('growth.lines')}
                value={lines}
                options={(['centiles', 'deviations'] as const).map((one) => [one, t(`growth.${one}`)])}
                onChoose={setLines}
              />
              <Choice
                label={t('growth.span')}
                value={span}
                options={growthSpans.map((one) => [one, t(`growth.spans.${spanNames[one]}`)])}
                onChoose={setChosen}
              />
            </div>
          ) : null}
          {value.missing === null && value.points.length === 0 ? <p className="muted">{t('growth.none')}</p> : null}
          {value.missing === null
            ? growthIndicators.map((indicator) => (
                <IndicatorSection key={indicator} indicator={indicator} view={value} lines={lines} span={span} />
              ))
            : null}
          {value.missing === null && value.table !== null ? (
            <p className="muted row-text growth-limits">
              {t('growth.limits')} {t('growth.restricted')}
            </p>
          ) : null}
        </>
      )}
    </div>
  );
}

interface ChoiceProps<Value extends string | number> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [Value, string])[];
  readonly onChoose: (value: Value) => void;
}

function Choice<Value extends string | number>({ label, value, options, onChoose }: ChoiceProps<Value>) {
  const name = useId();
  return (
    <fieldset>
      <legend>{label}</legend>
      {options.map(([one, words]) => (
        <label key={one}>
          <input type="radio" name={name} checked={one === value} onChange={() => onChoose(one)} />
          {words}
        </label>
      ))}
    </fieldset>
  );
}

/** Which reference is drawn, or why none is. */
function Reference({ view }: { readonly view: GrowthView }) {
  const { t } = useTranslation();
  const { table, missing } = view;
  if (missing !== null) return <Notice tone="amber">{t(`growth.missing.${missing}`)}</Notice>;
  if (table === null)
    return (
      <Notice tone="amber" action={<Link to="/coffre/tables">{t('growth.load')}</Link>}>
        {t('growth.noTable')}
      </Notice>
    );
  const isOfficial = table.files.every((file) => file.isOfficial);
  return (
    <div className="growth-reference row-text">
      <p>
        {t('growth.reference', { edition: table.edition })}{' '}
        <span className={isOfficial ? 'muted' : 'amber'}>
          {t(isOfficial ? 'growth.official' : 'growth.unofficial')}
        </span>
      </p>
    </div>
  );
}

interface IndicatorSectionProps {
  readonly indicator: GrowthIndicator;
  readonly view: GrowthView;
  readonly lines: GrowthLines;
  readonly span: GrowthSpan;
}

function IndicatorSection({ indicator, view, lines, span }: IndicatorSectionProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = useGrowthWords();
  const points = view.points.filter((point) => point.indicator === indicator);
  const curves = view.curves[indicator];
  const name = t(`growth.indicator.${indicator}`);
  if (points.length === 0 && curves === undefined) return null;
  return (
    <section className="series growth-series" aria-label={name}>
      <div className="series-drawn">
        <h3>
          {name} <span className="faint">{t(`growth.unitOf.${indicator}`)}</span>
        </h3>
        {curves === undefined ? (
          <p className="faint row-text">{t('growth.noPart')}</p>
        ) : (
          <GrowthChart indicator={indicator} reference={curves[lines]} points={points} span={span} />
        )}
        {points.some(({ ageDays }) => ageDays > lastGrowthDay) ? (
          <p className="small muted series-notes">{t('growth.over')}</p>
        ) : null}
      </div>
      {points.length === 0 ? null : (
        <div className="series-table">
          <table>
            <caption className="hidden-text">{name}</caption>
            <thead>
              <tr>
                <th scope="col">{t('measures.date')}</th>
                <th scope="col">{t('growth.age')}</th>
                <th scope="col">{t('measures.value')}</th>
                <th scope="col">{t('growth.z')}</th>
                <th scope="col">{t('growth.centile')}</th>
              </tr>
            </thead>
            <tbody>
              {points.toReversed().map((point) => (
                <tr key={point.day}>
                  <td className="nowrap">{dateText(point.day, language)}</td>
                  <td className="nowrap muted">{words.age(point.ageDays)}</td>
                  <td>
                    <b className="nowrap">{words.value(point)}</b>{' '}
                    {point.adjustedCm === 0 ? null : (
                      <span className="small muted">
                        {t('growth.adjusted', { cm: words.signed(point.adjustedCm) })}
                      </span>
                    )}
                  </td>
                  <td className="nowrap">{point.z === null ? '—' : words.signed(point.z)}</td>
                  <td className="nowrap">{words.centile(point.centile) || '—'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
