import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useDraft } from '../../session/use-draft.ts';
import { useAsked, useEngine, useSession } from '../../session/use-session.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useTitle } from '../../ui/use-title.ts';
import type { IdentityView } from '../../worker/patients-desk.ts';
import { HistorySheet } from '../file/history-sheet.tsx';
import { ContactFields, DeathFields, DoctorFields, TraitFields } from './identity-fields.tsx';
import {
  type IdentityField,
  type IdentityForm,
  identityForm,
  identityProblems,
  typedIdentity,
} from './identity-form.ts';
import { Merged } from './identity-merged.tsx';
import { IdentityNav } from './identity-nav.tsx';
import { IdentityRelatives } from './identity-relatives.tsx';
import { IdentityRights } from './identity-rights.tsx';
import { IdentityStatusFields, StatusNotice } from './identity-status.tsx';
import { personName, safeName, useBirthText, useNameOrNone } from './person.tsx';
import { PersonFields } from './person-fields.tsx';
import './identity.css';

/** Who a patient is: every trait, how to reach them, and which other records are theirs. */
export function IdentityPage({ patient }: { readonly patient: string }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { value, error } = useAsked(`identity ${patient}`, () => engine.desks.patients.identity(patient));
  // What somebody else writes meanwhile never reloads an open form.
  const [opened, setOpened] = useState<IdentityView | null>(null);
  if (opened === null && value !== null) setOpened(value);
  if (opened === null)
    return (
      <div className="form-page">
        <Failure error={error} />
        {error === null ? (
          <p className="muted" role="status">
            {t('patientIdentity.loading')}
          </p>
        ) : null}
      </div>
    );
  return <IdentityEditor patient={patient} view={opened} />;
}

interface EditorProps {
  readonly patient: string;
  readonly view: IdentityView;
}

function IdentityEditor({ patient, view }: EditorProps) {
  const { t } = useTranslation();
  const session = useSession();
  const navigate = useNavigate();
  const nameOf = useNameOrNone();
  const birthOf = useBirthText();
  const { row, identity } = view;
  const name = safeName(personName(row));
  const id = patient.slice('Patient/'.length);
  const draft = useDraft<IdentityForm>(`identity/${patient}`, identityForm(identity, view.versions));
  const [isTried, setTried] = useState(false);
  const [isHistoryShown, setHistoryShown] = useState(false);
  const { isBusy, error, run } = useAttempt();
  const form = draft.value;
  const today = localDay();
  const problems = identityProblems(form, identity, today);
  useTitle(`${t('patientIdentity.title')} · ${name}`);
  const leave = () => navigate({ to: '/patients/$id', params: { id } });
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problems).length > 0) return;
    await run(async () => {
      const typed = typedIdentity(form, identity);
      const change = { patient, identity: typed, versions: form.versions, today };
      const saved = await session.engine.desks.patients.saveIdentity(change);
      session.saved({ id: saved.id, what: t('patientIdentity.saved'), patient: name });
      await draft.drop();
      await leave();
    });
  };
  const problemOf = (field: IdentityField) => {
    const problem = isTried ? problems[field] : undefined;
    if (problem === undefined) return null;
    return t(problem === 'proof' ? 'patientIdentity.proofMissing' : `patientIdentity.problem.${problem}`);
  };
  const set = (change: Partial<IdentityForm>) => draft.set({ ...form, ...change });
  if (!draft.isLoaded) return null;
  const fields = { form, before: identity, set, problemOf };
  return (
    <div className="form-page identity-page">
      <BackLink to="/patients/$id" params={{ id }}>
        {t('patientIdentity.back')}
      </BackLink>
      <h1>
        {nameOf(row)} <span className="birth">{birthOf(row)}</span>
      </h1>
      <IdentityNav />
      {view.mergedInto === null ? null : (
        <Notice tone="plain">{t('patientIdentity.mergedInto', { name: nameOf(view.mergedInto) })}</Notice>
      )}
      {view.isConflict ? <Notice tone="amber">{t('patientIdentity.conflict')}</Notice> : null}
      <form onSubmit={(event) => void send(event)} noValidate>
        <IdentityStatusFields {...fields} />
        <TraitFields {...fields} />
        <ContactFields {...fields} />
        <DoctorFields {...fields} doctors={view.doctors} />
        <PersonFields {...fields} />
        <DeathFields {...fields} />
        <StatusNotice form={form} before={identity} />
        <Failure error={error ?? draft.error} />
        <div className="step-actions">
          <Button type="submit" loading={isBusy} disabled={view.isConflict}>
            {t('patientIdentity.save')}
          </Button>
          <Button variant="quiet" onClick={() => void draft.drop().then(leave)}>
            {t('patientIdentity.discard')}
          </Button>
          <span className="row-text muted" role="status">
            {draft.savedAt === null ? '' : t('patientIdentity.kept')}
          </span>
        </div>
      </form>
      <IdentityRights row={row} isOwn={view.mergedInto === null} />
      <IdentityRelatives row={row} />
      <Merged patient={patient} merged={view.merged} />
      <button type="button" className="text-button identity-history" onClick={() => setHistoryShown(true)}>
        {t('patientIdentity.history')}
      </button>
      {isHistoryShown ? (
        <HistorySheet patient={patient} recordId={patient} onClose={() => setHistoryShown(false)} />
      ) : null}
    </div>
  );
}

/** Today in this device's calendar. */
function localDay(): string {
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
