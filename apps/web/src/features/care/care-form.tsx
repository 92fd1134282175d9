import { NativeSelect, TextInput } from '@mantine/core';
import { parseNir } from '@serment/records/identifiers/nir';
import { vaccineKinds } from '@serment/records/vaccination/vaccines';
import { type FormEvent, useId, useRef, useState } from 'react';
import type { CareFacts, CareItem, CareSubject } from '../../file-view/care-list.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useDraft } from '../../session/use-draft.ts';
import { FormEnd } from '../../ui/form-end.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useFirstFocus } from '../../ui/use-first-focus.ts';
import { DiagnosisField } from '../coding/diagnosis-field.tsx';
import { NirInput } from '../patients/nir-input.tsx';
import { type CareField, type CareValues, isAsked } from './care-fields.ts';
import { careFields, emptyValues, factsOf, splitSince, valuesOf, wrongFields } from './care-values.ts';
import { DocumentField } from './document-field.tsx';

interface CareFormProps<Subject extends CareSubject> {
  readonly patient: string;
  readonly subject: Subject;
  /** Null for a line that is added. */
  readonly changed: CareItem<Subject> | null;
  readonly today: string;
  readonly onSave: (facts: CareFacts[Subject], draft: Pick<CareDraft, 'id' | 'replaces'>) => Promise<void>;
  /** A line was changed. A form that adds goes on to the next line by itself. */
  readonly onChanged: () => void;
  readonly onCancel: () => void;
}

interface CareDraft {
  readonly values: CareValues;
  /** Of the line that is added. */
  readonly id: string;
  /** The versions that the form was begun from, however long ago. */
  readonly replaces: readonly string[];
}

/** One line of a list, added or changed: what is asked every time in view, the rest folded away. */
export function CareForm<Subject extends CareSubject>(props: CareFormProps<Subject>) {
  const { patient, subject, changed, today, onSave, onChanged, onCancel } = props;
  const { t } = useTranslation();
  const [begun] = useState(() => ({
    ...emptyLine(subject, today),
    ...(changed === null ? {} : { values: valuesOf(subject, changed.facts), replaces: changed.versions }),
  }));
  const key = `care-${subject}/${patient}${changed === null ? '' : `/${changed.recordId}`}`;
  const draft = useDraft<CareDraft>(key, begun);
  const { isBusy, error, run } = useAttempt();
  const [isTried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  // Hands are on the keyboard: the first field is ready as soon as it can be typed in.
  useFirstFocus(form, draft.isLoaded, firstField);
  const { values, id, replaces } = draft.value;
  const wrong = wrongFields(subject, values, begun.values);
  /** True once it was saved, and its draft is still here: what is typed then is another line. */
  const isKept = useRef(false);
  const set = (more: CareValues) => {
    draft.set({ values: { ...values, ...more }, id: isKept.current ? crypto.randomUUID() : id, replaces });
    isKept.current = false;
  };
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (wrong.length > 0) return;
    await run(async () => {
      const said = subject === 'problems' ? withSince(values) : values;
      if (!isKept.current) await onSave(factsOf(subject, said, changed?.facts ?? null), { id, replaces });
      isKept.current = true;
      await draft.drop();
      if (changed !== null) return onChanged();
      // The fields stay: whoever types the next line at once types into it.
      draft.restart(emptyLine(subject, today));
      isKept.current = false;
      setTried(false);
      form.current?.querySelector<HTMLElement>(firstField)?.focus();
    });
  };
  // A line that was begun is there again, as in every form; a change that was given up is of versions that may go.
  const cancel = () => (changed === null ? onCancel() : void run(async () => draft.drop().then(onCancel)));
  const shown = careFields[subject].filter((one) => isAsked(one, values));
  const rare = shown.filter(({ isRare = false }) => isRare);
  const field = (one: CareField) => (
    <Field
      key={one.name}
      field={one}
      patient={patient}
      values={values}
      isDisabled={!draft.isLoaded}
      isWrong={wrong.includes(one.name) && isTried}
      onChange={set}
    />
  );
  return (
    <form ref={form} className="care-form" onSubmit={(event) => void send(event)}>
      <div className="care-fields">{shown.filter(({ isRare = false }) => !isRare).map(field)}</div>
      {rare.length === 0 ? null : (
        <details open={rare.some(({ name }) => (values[name] ?? '') !== (emptyValues(subject, today)[name] ?? ''))}>
          <summary>{t('careSheet.more')}</summary>
          <div className="care-fields">{rare.map(field)}</div>
        </details>
      )}
      <FormEnd
        error={error}
        draft={draft}
        isBusy={isBusy}
        submit={t(changed === null ? 'careSheet.add' : 'careSheet.save')}
        onCancel={cancel}
      />
    </form>
  );
}

const firstField = 'input, select[aria-required=true]';

function emptyLine(subject: CareSubject, today: string): CareDraft {
  return { values: emptyValues(subject, today), id: crypto.randomUUID(), replaces: [] };
}

/** `HTA depuis 2019`, unless the date was given beside it or the words are a code's. */
function withSince(values: CareValues): CareValues {
  const split = (values.onset ?? '') === '' && (values.code ?? '') === '' ? splitSince(values.diagnosis ?? '') : null;
  return split === null ? values : { ...values, diagnosis: split.text, onset: split.since };
}

interface FieldProps {
  readonly field: CareField;
  readonly patient: string;
  readonly values: CareValues;
  readonly isDisabled: boolean;
  readonly isWrong: boolean;
  readonly onChange: (more: CareValues) => void;
}

function Field({ field, patient, values, isDisabled, isWrong, onChange }: FieldProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const list = useId();
  const name = field.name as FieldName;
  const value = values[name] ?? '';
  const label = t(`careSheet.field.${name}`);
  const error = isWrong ? t(value.trim() === '' ? 'careSheet.required' : 'careSheet.wrong') : null;
  if (field.kind === 'diagnosis')
    return (
      <DiagnosisField
        label={label}
        value={{ text: value, code: values.code || null }}
        {...(field.isRequired === true ? { placeholder: t('careSheet.sincePlaceholder') } : {})}
        isDisabled={isDisabled}
        isRequired={field.isRequired ?? false}
        error={error}
        onChange={({ text, code }) => onChange({ diagnosis: text, code: code ?? '' })}
      />
    );
  if (field.kind === 'choice')
    return (
      <NativeSelect
        label={label}
        value={value}
        disabled={isDisabled}
        error={error}
        aria-required={field.isRequired ?? false}
        onChange={(event) => onChange({ [name]: event.currentTarget.value })}
      >
        {(field.options ?? []).map((option) => (
          <option key={option} value={option}>
            {field.answers?.(option, language) ??
              (option === '' ? '' : t(`careSheet.option.${name}.${option}` as 'careSheet.option.origin.here'))}
          </option>
        ))}
      </NativeSelect>
    );
  if (field.kind === 'document')
    return (
      <DocumentField
        label={label}
        patient={patient}
        value={value}
        isDisabled={isDisabled}
        onChange={(document) => onChange({ [name]: document })}
      />
    );
  const common = {
    ...{ label, value, disabled: isDisabled, error, maxLength: 400, autoComplete: 'off', required: false },
    'aria-required': field.isRequired ?? false,
  };
  if (field.kind === 'nir')
    return (
      <>
        <NirInput {...common} onChange={(number) => onChange({ [name]: number })} />
        <NirNotice number={value} />
      </>
    );
  return (
    <>
      <TextInput
        {...common}
        {...(field.kind === 'number' ? { inputMode: 'decimal' as const } : {})}
        {...(field.kind === 'date' ? { placeholder: t('careSheet.dateHint') } : {})}
        {...(field.kind === 'vaccine' ? { list } : {})}
        onChange={(event) => onChange({ [name]: event.currentTarget.value })}
      />
      {field.kind === 'vaccine' ? (
        <datalist id={list}>
          {vaccineKinds.map(({ text }) => (
            <option key={text} value={text} />
          ))}
        </datalist>
      ) : null}
    </>
  );
}

/** What is odd about a number: it is kept as it is typed. */
function NirNotice({ number }: { readonly number: string }) {
  const { t } = useTranslation();
  if (number.trim() === '') return null;
  const { nir, findings } = parseNir(number);
  const told = findings.map((finding) =>
    finding === 'NIR_FORM'
      ? t('patientIdentity.raw')
      : t(finding === 'NIR_KEY' ? 'careSheet.nirKey' : `newPatient.nirFinding.${finding}`, { key: nir?.key ?? '' }),
  );
  return told.length === 0 ? null : (
    <div className="care-notice">
      <Notice tone="amber">{told.join(' ')}</Notice>
    </div>
  );
}

type FieldName = keyof typeof import('../../i18n/fr/care-sheet.ts').careSheet.careSheet.field;
