import { frenchNumber, type MeasureKind, measureTypes, takenMeasures } from '@serment/records/measures/measure-types';
import { memo, useId, useState } from 'react';
import type { Catalogue } from '../../i18n/catalogue.ts';
import { useFormat } from '../../i18n/format.ts';
import { i18n } from '../../i18n/i18n.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import type { ConsultationStart, LastMeasure } from '../../worker/consultation-desk.ts';
import {
  type ConsultationDraft,
  difference,
  type ReadMeasure,
  readMeasure,
  typedBodyMass,
} from './consultation-draft.ts';

interface MeasureLineProps {
  readonly measures: ConsultationDraft['measures'];
  readonly date: string;
  readonly start: ConsultationStart;
  readonly isFixed: boolean;
  readonly onChange: (kind: MeasureKind, text: string) => void;
}

/** How many are shown before one asks for the others. */
const firstKinds = 6;
/** Measures whose movement tells more than their value. */
const followed: ReadonlySet<MeasureKind> = new Set([
  ...(['weight', 'height', 'length', 'standingHeight', 'headCircumference', 'waist'] as const),
]);

/** The measures of a consultation on one line: what was typed, what it gives, and how far it is from the last time. */
function MeasureLineOnce({ measures, date, start, isFixed, onChange }: MeasureLineProps) {
  const { t } = useTranslation();
  const [isWhole, setWhole] = useState(false);
  const id = useId();
  const usual = takenMeasures(ageMonths(start.birthDate, date));
  const typed = Object.keys(measures).filter((kind): kind is MeasureKind => isShown(kind, measures));
  const kinds = [...new Set([...usual.slice(0, isWhole ? usual.length : firstKinds), ...typed])];
  const index = typedBodyMass({ measures, date }, start);
  const remarks = kinds.flatMap((kind) => remarkOf(kind, measures[kind] ?? ''));
  const words = useMeasureWords();
  return (
    <div className="note-field">
      <span className="field-name" id={id}>
        {t('file.measures')}
      </span>
      {/* biome-ignore lint/a11y/useSemanticElements: a line of a form, not a form within it. */}
      <div role="group" aria-labelledby={id}>
        <div className="measure-line">
          {kinds.map((kind) => (
            <MeasureInput
              key={kind}
              kind={kind}
              text={measures[kind] ?? ''}
              last={start.last.find((one) => one.kind === kind)}
              isFixed={isFixed}
              onChange={onChange}
            />
          ))}
          {index === null ? null : (
            <span className="measure-given" data-testid="body-mass">
              {words('bmi')} <b>{frenchNumber(index, measureTypes.bmi.decimals)}</b>
            </span>
          )}
          {isWhole || isFixed ? null : (
            <button type="button" className="text-button" onClick={() => setWhole(true)}>
              {t('consultation.moreMeasures')}
            </button>
          )}
        </div>
        {remarks.map(({ kind, remark }) => (
          <p key={kind} className="measure-remark amber" role="status">
            {t(`consultation.${remark}`, { measure: words(kind), example: measureTypes[kind].example })}
          </p>
        ))}
      </div>
    </div>
  );
}

export const MeasureLine = memo(MeasureLineOnce);

interface MeasureInputProps {
  readonly kind: MeasureKind;
  readonly text: string;
  readonly last: LastMeasure | undefined;
  readonly isFixed: boolean;
  readonly onChange: (kind: MeasureKind, text: string) => void;
}

const MeasureInput = memo(function MeasureInput({ kind, text, last, isFixed, onChange }: MeasureInputProps) {
  const words = useMeasureWords();
  const id = useId();
  const { unit, ucum } = measureTypes[kind];
  const read = readMeasure(kind, text);
  const isOdd = text.trim() !== '' && read?.isPlausible !== true;
  return (
    <span className="measure">
      <label htmlFor={id}>{words(kind)}</label>
      <input
        id={id}
        data-field={`measure-${kind}`}
        inputMode={kind === 'bloodPressure' ? 'text' : 'decimal'}
        autoComplete="off"
        size={Math.max(4, text.length)}
        value={text}
        readOnly={isFixed}
        {...(isOdd ? { 'data-odd': true } : {})}
        onChange={(event) => onChange(kind, event.currentTarget.value)}
      />
      {hasUnit.has(ucum) ? <span className="measure-unit">{unit}</span> : null}
      {read === null || !followed.has(kind) ? null : <Moved read={read} last={last} />}
    </span>
  );
});

/** Units that nobody takes for granted. */
const hasUnit: ReadonlySet<string> = new Set(['kg', 'cm', 'Cel', '%', '{score}', 'g/L', 'L/min']);

function Moved({ read, last }: { readonly read: ReadMeasure; readonly last: LastMeasure | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const moved = difference(read, last);
  if (moved === null || last === undefined) return null;
  const { decimals } = measureTypes[read.kind];
  const sign = moved > 0 ? '+' : moved < 0 ? '−' : '±';
  return (
    <span className="measure-moved">
      {t('consultation.moved', {
        difference: `${sign}${frenchNumber(Math.abs(moved), decimals)}`,
        when: format.since(last.when, Date.now()),
      })}
    </span>
  );
}

/** `TA`, `Pouls`: how a measure is called on one line. */
export function useMeasureWords(): (kind: MeasureKind) => string {
  const { t } = useTranslation();
  return (kind) => (hasWord(kind) ? t(`consultation.measure.${kind}`) : measureTypes[kind].text);
}

type Worded = keyof Catalogue['consultation']['measure'];

function hasWord(kind: MeasureKind): kind is Worded & MeasureKind {
  return i18n.exists(`consultation.measure.${kind}`);
}

function remarkOf(kind: MeasureKind, text: string): { kind: MeasureKind; remark: 'implausible' | 'unreadable' }[] {
  if (text.trim() === '') return [];
  const read = readMeasure(kind, text);
  if (read === null) return [{ kind, remark: 'unreadable' }];
  return read.isPlausible ? [] : [{ kind, remark: 'implausible' }];
}

/** A template's measures stand empty, and are shown. */
function isShown(kind: string, measures: ConsultationDraft['measures']): kind is MeasureKind {
  return kind !== 'bmi' && Object.hasOwn(measureTypes, kind) && typeof Reflect.get(measures, kind) === 'string';
}

function ageMonths(birthDate: string | null, date: string): number | null {
  const [birth, day] = [birthDate ?? '', date].map((one) => /^(\d{4})-(\d\d)-(\d\d)/.exec(one));
  if (birth == null || day == null) return null;
  const months = (Number(day[1]) - Number(birth[1])) * 12 + Number(day[2]) - Number(birth[2]);
  return Math.max(0, Number(day[3]) < Number(birth[3]) ? months - 1 : months);
}
