import { Button, TextInput } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { newPatientApart, newPatientKey, takenDraft } from '../../file-view/draft-key.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useDraft } from '../../session/use-draft.ts';
import { useAsked, useEngine, useSession } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useFirstFocus } from '../../ui/use-first-focus.ts';
import { useTitle } from '../../ui/use-title.ts';
import type { LookAlike } from '../../worker/patients-desk.ts';
import { Taken } from '../file/taken.tsx';
import {
  draftedForm,
  emptyPatientForm,
  formName,
  formProblems,
  nirWarnings,
  type PatientForm,
  type PatientFormField,
  patientInput,
} from './new-patient.ts';
import { NirInput } from './nir-input.tsx';
import { personName, safeName, useBirthText, useNameOrNone } from './person.tsx';

/** A new file. Look-alikes and odd numbers are said as one types, and never stand in the way. */
export function NewPatientPage() {
  const { nom, brouillon }: { nom?: string; brouillon?: string } = useSearch({ strict: false });
  return <NewPatientForm key={brouillon} typed={nom ?? ''} apart={brouillon} />;
}

interface NewPatientFormProps {
  /** What was looked for in vain. */
  readonly typed: string;
  /** Names a draft that stands beside the one that is begun by itself. */
  readonly apart: string | undefined;
}

function NewPatientForm({ typed, apart }: NewPatientFormProps) {
  const { t } = useTranslation();
  const session = useSession();
  const navigate = useNavigate();
  const key = apart === undefined ? newPatientKey : `${newPatientKey}~${apart}`;
  const draft = useDraft<PatientForm>(key, { ...emptyPatientForm, ...typedName(typed) });
  const [isTried, setTried] = useState(false);
  const { isBusy, error, run } = useAttempt();
  const form = draft.value;
  const problems = formProblems(form, new Date().toISOString().slice(0, 10));
  const duplicates = useDuplicates(form);
  const fields = useRef<HTMLFormElement>(null);
  const { isLoaded } = draft;
  useTitle(t('newPatient.title'));
  useFirstFocus(fields, isLoaded, 'input');
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problems).length > 0) return;
    await run(async () => {
      const saved = await session.engine.desks.patients.create(patientInput(form));
      session.saved({
        id: saved.id,
        what: t('newPatient.title'),
        patient: personName(formName(form)),
      });
      await draft.drop();
      await navigate({ to: '/patients/$id', params: { id: saved.patient.slice('Patient/'.length) } });
    });
  };
  const field = (name: Exclude<PatientFormField, 'sex'>) => ({
    value: form[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      draft.set({ ...form, [name]: event.currentTarget.value }),
    error: isTried && problems[name] ? t(`newPatient.${problems[name]}`) : null,
    autoComplete: 'off',
    maxLength: 200,
  });
  // Nothing can be typed before it is known what was typed already.
  if (!isLoaded) return null;
  return (
    <form ref={fields} className="form-page" onSubmit={(event) => void send(event)} noValidate>
      <h1>{t('newPatient.title')}</h1>
      <DraftsBeside shown={apart} />
      <div className="form-grid">
        <TextInput label={t('newPatient.birthName')} withAsterisk {...field('birthName')} />
        <TextInput label={t('newPatient.given')} withAsterisk {...field('given')} />
        <TextInput label={t('newPatient.usedName')} description={t('newPatient.usedNameHint')} {...field('usedName')} />
        <TextInput
          label={t('newPatient.usedGiven')}
          description={t('newPatient.usedNameHint')}
          {...field('usedGiven')}
        />
        <TextInput
          label={t('newPatient.birthDate')}
          description={t('newPatient.birthDateHint')}
          inputMode="numeric"
          {...field('birthDate')}
        />
        <SexChoice
          value={form.sex}
          onChange={(sex) => draft.set({ ...form, sex })}
          isMissing={isTried && problems.sex !== undefined}
        />
        <NirInput
          {...field('nir')}
          className="wide"
          label={t('newPatient.nir')}
          description={t('newPatient.nirHint')}
          onChange={(nir) => draft.set({ ...form, nir })}
        />
        <NirNotice form={form} />
      </div>
      <Duplicates rows={duplicates} />
      <h2>{t('newPatient.contact')}</h2>
      <div className="form-grid">
        <TextInput label={t('newPatient.mobile')} type="tel" {...field('mobile')} />
        <TextInput label={t('newPatient.phone')} type="tel" {...field('phone')} />
        <TextInput className="wide" label={t('newPatient.email')} type="email" {...field('email')} />
        <TextInput className="wide" label={t('newPatient.addressLine')} {...field('addressLine')} />
        <TextInput className="third" label={t('newPatient.postalCode')} inputMode="numeric" {...field('postalCode')} />
        <TextInput className="two-thirds" label={t('newPatient.city')} {...field('city')} />
      </div>
      <Failure error={error} />
      <div className="step-actions">
        <Button type="submit" loading={isBusy}>
          {t('newPatient.save')}
        </Button>
        <Button variant="quiet" onClick={() => void draft.drop().then(() => navigate({ to: '/patients' }))}>
          {t('app.cancel')}
        </Button>
        <span className="row-text muted" role="status">
          {draft.savedAt === null ? '' : t('newPatient.kept')}
        </span>
      </div>
    </form>
  );
}

/** What the form that is shown was, and the other ones that were begun: taken over from a member, or on two devices. */
function DraftsBeside({ shown }: { readonly shown: string | undefined }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { value: drafts } = useAsked(`new patients ${shown}`, () => engine.drafts());
  const taken = takenDraft(shown);
  const others = (drafts ?? []).flatMap(({ key, text }) => {
    const apart = newPatientApart(key);
    return apart === null || apart === shown
      ? []
      : [{ apart, name: personName(formName(draftedForm(text) ?? emptyPatientForm)) }];
  });
  if (taken === null && others.length === 0) return null;
  return (
    <div className="drafts-beside">
      {taken === null ? null : (
        <Notice tone="plain">
          <Taken {...taken} />
        </Notice>
      )}
      {others.map(({ apart, name }) => (
        <p key={apart} className="row-text">
          <Link to="/nouveau-patient" search={{ brouillon: apart }}>
            {t('newPatient.resume', { name: safeName(name) || t('patients.unnamed') })}
          </Link>
        </p>
      ))}
    </div>
  );
}

interface SexChoiceProps {
  readonly value: PatientForm['sex'];
  readonly onChange: (sex: PatientForm['sex']) => void;
  readonly isMissing: boolean;
}

function SexChoice({ value, onChange, isMissing }: SexChoiceProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="sex-choice">
      <legend>
        {t('newPatient.sex')} <span className="faint">*</span>
      </legend>
      <div>
        {(['female', 'male', 'other', 'unknown'] as const).map((sex) => (
          <label key={sex}>
            <input type="radio" name="sex" checked={value === sex} onChange={() => onChange(sex)} />
            {t(`sex.${sex}`)}
          </label>
        ))}
      </div>
      {isMissing ? <p className="red row-text">{t('newPatient.required')}</p> : null}
    </fieldset>
  );
}

function NirNotice({ form }: { readonly form: PatientForm }) {
  const { t } = useTranslation();
  const { warnings, key } = nirWarnings(form);
  if (warnings.length === 0) return null;
  return (
    <div className="field-note">
      <Notice tone="amber">
        {warnings.map((warning) => t(`newPatient.nirFinding.${warning}`, { key })).join(' ')}
      </Notice>
    </div>
  );
}

function Duplicates({ rows }: { readonly rows: readonly LookAlike[] }) {
  const { t } = useTranslation();
  const name = useNameOrNone();
  const birth = useBirthText();
  if (rows.length === 0) return null;
  return (
    <div className="duplicates">
      <Notice tone="amber" title={t('newPatient.duplicates', { count: rows.length })}>
        {t('newPatient.duplicatesDetail')}
      </Notice>
      <ul>
        {rows.map(({ row, alike }) => (
          <li key={row.id}>
            <span>
              <b>{name(row)}</b> <span className="muted">{birth(row)}</span>
              <span className="faint">
                {' '}
                · {alike.reasons.map((reason) => t(`duplicates.reason.${reason}`)).join(', ')}
              </span>
            </span>
            <Link to="/patients/$id" params={{ id: row.id.slice('Patient/'.length) }}>
              {t('newPatient.openIt')}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

function useDuplicates(form: PatientForm): readonly LookAlike[] {
  const engine = useEngine();
  const [rows, setRows] = useState<readonly LookAlike[]>([]);
  const traits = JSON.stringify(patientInput(form).traits);
  const isEnough = form.birthName.trim() !== '' && form.given.trim() !== '';
  useEffect(() => {
    let isCurrent = true;
    if (!isEnough) setRows([]);
    else
      void engine.desks.patients.duplicates({ traits: JSON.parse(traits) }).then(
        (found) => {
          if (isCurrent) setRows(found);
        },
        () => undefined,
      );
    return () => {
      isCurrent = false;
    };
  }, [engine, traits, isEnough]);
  return rows;
}

/** What was looked for in vain is what was about to be typed. */
function typedName(query: string): Partial<PatientForm> {
  const [birthName = '', ...given] = query
    .trim()
    .split(/\s+/)
    .filter((word) => !/\d/.test(word));
  const capital = (word: string) => word.charAt(0).toLocaleUpperCase('fr') + word.slice(1);
  return { birthName: capital(birthName), given: given.map(capital).join(' ') };
}
