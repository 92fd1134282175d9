import { TextInput } from '@mantine/core';
import { ageInDays } from '@serment/records/growth/child';
import { bodyMassIndex } from '@serment/records/measures/body-mass';
import { type MeasureKind, measureTypes, takenMeasures } from '@serment/records/measures/measure-types';
import type { TypedMeasure } from '@serment/records/measures/parse-measure';
import type { PatientRow } from '@serment/replica/directory';
import { type FormEvent, useId, useRef, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useDraft } from '../../session/use-draft.ts';
import { useSession } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { FormEnd } from '../../ui/form-end.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { localDateTime } from '../file/note-draft.ts';
import { personName, safeName } from '../patients/person.tsx';
import {
  isReadOtherwise,
  measureWords,
  readTyped,
  type TypedKind,
  type TypedTexts,
  typedKinds,
} from './typed-values.ts';
import './measures.css';

interface MeasuresSheetProps {
  readonly row: PatientRow;
  readonly onClose: () => void;
  /** With the save, for whoever takes it back. */
  readonly onSaved: (id: string) => void;
}

interface MeasuresDraft {
  /** What the ids of the measures begin with. */
  readonly id: string;
  /** Local date and time; '' for now. */
  readonly at: string;
  readonly texts: TypedTexts;
}

/** Measures taken outside a consultation: a line for each, read as it is typed; what is left empty was not taken. */
export function MeasuresSheet({ row, onClose, onSaved }: MeasuresSheetProps) {
  const { t } = useTranslation();
  const session = useSession();
  const name = safeName(personName(row)) || t('patients.unnamed');
  const [begun] = useState<MeasuresDraft>(() => ({ id: crypto.randomUUID(), at: '', texts: {} }));
  const draft = useDraft<MeasuresDraft>(`measures/${row.id}`, begun);
  /** The save, while its draft is still here: what is typed then are other measures. */
  const kept = useRef<string | null>(null);
  const [isTried, setTried] = useState(false);
  const { isBusy, error, run } = useAttempt();
  const { id, at, texts } = draft.value;
  const set = (more: Partial<MeasuresDraft>) => {
    draft.set({ ...draft.value, ...more, id: kept.current === null ? id : crypto.randomUUID() });
    kept.current = null;
  };
  const readings = typedKinds.map((kind) => [kind, readTyped(kind, texts[kind] ?? '')] as const);
  const read = readings.flatMap(([kind, reading]) => (reading.state === 'read' ? [{ kind, ...reading.measure }] : []));
  const isWrong = readings.some(([, { state }]) => state === 'unreadable');
  const isFuture = at !== '' && Date.parse(at) > Date.now() + 60_000;
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (read.length === 0 || isWrong || isFuture) return;
    await run(async () => {
      const date = localDateTime(at === '' ? Date.now() : Date.parse(at));
      const measures = read.map(({ kind, value, second }) => ({
        ...{ id: `${id}-${kind}`, kind, value },
        ...(second === undefined ? {} : { second }),
      }));
      if (kept.current === null) {
        const saved = await session.engine.desks.measures.save({ patient: row.id, date, measures });
        session.saved({ id: saved.id, what: t('measures.saved'), patient: name });
        kept.current = saved.id;
      }
      await draft.drop();
      onSaved(kept.current);
    });
  };
  const ageDays = row.birthDate === null ? null : ageInDays(row.birthDate, new Date().toISOString());
  const usual = takenMeasures(ageDays === null ? null : Math.floor(ageDays / 30.4375));
  // What was typed in a line that folds away stays in view.
  const shown = typedKinds.filter((kind) => usual.includes(kind));
  const others = typedKinds.filter((kind) => !usual.includes(kind) && kind !== 'bmi');
  const field = (kind: TypedKind) => (
    <MeasureField
      key={kind}
      kind={kind}
      text={texts[kind] ?? ''}
      isDisabled={!draft.isLoaded}
      isTried={isTried}
      onChange={(text) => set({ texts: { ...texts, [kind]: text } })}
    />
  );
  const ordered = usual.flatMap((kind) => shown.find((one) => one === kind) ?? []);
  return (
    <Sheet title={t('measures.sheetTitle')} onClose={onClose}>
      <form className="measures-sheet" onSubmit={(event) => void send(event)}>
        <p>{t('measures.sheetFor', { name })}</p>
        <div className="measure-fields">{ordered.map(field)}</div>
        <Computed read={read} />
        <details open={others.some((kind) => (texts[kind] ?? '') !== '')}>
          <summary>{t('measures.others')}</summary>
          <div className="measure-fields">{others.map(field)}</div>
        </details>
        <TextInput
          className="measure-when"
          type="datetime-local"
          label={t('measures.when')}
          description={t('measures.whenHint')}
          value={at}
          disabled={!draft.isLoaded}
          error={isFuture ? t('measures.whenFuture') : null}
          onChange={(event) => set({ at: event.currentTarget.value })}
        />
        {isTried && (read.length === 0 || isWrong) ? (
          <p className="red row-text" role="alert">
            {t(isWrong ? 'measures.fix' : 'measures.nothing')}
          </p>
        ) : null}
        <FormEnd error={error} draft={draft} isBusy={isBusy} submit={t('measures.save')} onCancel={onClose} />
      </form>
    </Sheet>
  );
}

interface MeasureFieldProps {
  readonly kind: TypedKind;
  readonly text: string;
  readonly isDisabled: boolean;
  readonly isTried: boolean;
  readonly onChange: (text: string) => void;
}

function MeasureField({ kind, text, isDisabled, isTried, onChange }: MeasureFieldProps) {
  const { t } = useTranslation();
  const id = useId();
  const [isLeft, setLeft] = useState(false);
  const note = useReadingWords(kind, text);
  const { unit } = measureTypes[kind];
  // Half a value is no mistake while it is typed.
  const isWrong = note.tone === 'red' && (isLeft || isTried);
  const isSaid = note.words !== '' && (note.tone !== 'red' || isWrong);
  return (
    <div className="measure-field">
      <label htmlFor={id}>{t(`measures.kind.${kind}`)}</label>
      <TextInput
        id={id}
        inputMode={kind === 'bloodPressure' ? 'text' : 'decimal'}
        autoComplete="off"
        maxLength={40}
        value={text}
        disabled={isDisabled}
        error={isWrong}
        aria-describedby={`${id}-unit ${id}-note`}
        onBlur={() => setLeft(true)}
        onChange={(event) => {
          setLeft(false);
          onChange(event.currentTarget.value);
        }}
      />
      <span className="muted measure-unit" id={`${id}-unit`}>
        {unit}
      </span>
      <span className={`small ${note.tone} measure-note`} id={`${id}-note`} role="status">
        {isSaid ? note.words : ''}
      </span>
    </div>
  );
}

/** What was made of a typed value, where that is not plain to see. */
function useReadingWords(kind: TypedKind, text: string): { tone: 'red' | 'amber' | 'muted'; words: string } {
  const { t } = useTranslation();
  const format = useFormat();
  const reading = readTyped(kind, text);
  const { example, unit } = measureTypes[kind];
  if (reading.state === 'empty') return { tone: 'muted', words: '' };
  if (reading.state === 'unreadable')
    return {
      tone: 'red',
      words: reading.reason === 'unit' ? t('measures.unit', { unit }) : t('measures.number', { example }),
    };
  const value = measureWords(kind, reading.measure, (number) => format.number(number));
  if (!reading.measure.plausible)
    return { tone: 'amber', words: `${t('measures.readAs', { value })}. ${t('measures.unlikely')}` };
  return { tone: 'muted', words: isReadOtherwise(text, reading.measure) ? t('measures.readAs', { value }) : '' };
}

/** An index of what may be a slip of the keyboard is not worth reading. */
function Computed({ read }: { readonly read: readonly ({ readonly kind: MeasureKind } & TypedMeasure)[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const of = (...kinds: readonly MeasureKind[]) =>
    read.find(({ kind, plausible }) => kinds.includes(kind) && plausible)?.value;
  const [weight, height] = [of('weight'), of('height', 'standingHeight', 'length')];
  if (weight === undefined || height === undefined) return null;
  const value = format.number(Math.round(bodyMassIndex(weight, height) * 10) / 10);
  return <p className="row-text muted">{t('measures.bmi', { value })}</p>;
}
