import { Button, TextInput } from '@mantine/core';
import { type Role, roles } from '@serment/core/journal/body';
import type { Invitation } from '@serment/replica/invitation';
import type { MemberView } from '@serment/replica/vault';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { AskedValue } from '../../ui/asked-value.tsx';
import { BackLink } from '../../ui/back-link.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useTitle } from '../../ui/use-title.ts';
import { InvitationTold } from './invitation-told.tsx';
import { useRoleText } from './member-words.ts';
import { TermFields } from './term-fields.tsx';
import { emptyTermForm, formTerm, type TermForm, termForm, termProblems } from './term-form.ts';
import '../../ui/choices.css';
import './members.css';

/** An invitation: for somebody new, or for the member that the address names. */
export function InvitePage() {
  const { t } = useTranslation();
  const engine = useEngine();
  const navigate = useNavigate();
  const { membre }: { membre?: string } = useSearch({ strict: false });
  const [made, setMade] = useState<{ readonly invitation: Invitation; readonly name: string } | null>(null);
  const asked = useAsked('invite', () => engine.desks.vault.view());
  const isAgain = membre !== undefined;
  useTitle(t(isAgain ? 'members.again' : 'members.invite'));
  if (made !== null) return <InvitationTold {...made} onDone={() => void navigate({ to: '/coffre/membres' })} />;
  const told = (invitation: Invitation, name: string) => {
    setMade({ invitation, name });
    scrollTo({ top: 0 });
  };
  return (
    <div className="page members-page invite-page">
      <BackLink to="/coffre/membres">{t('members.title')}</BackLink>
      {!isAgain ? (
        <NewMember onMade={told} />
      ) : (
        <AskedValue asked={asked} loading={t('vault.loading')}>
          {({ members }) => {
            const member = members.find((one) => one.member === membre);
            if (member === undefined) return <Notice tone="amber">{t('error.MEMBER_UNKNOWN')}</Notice>;
            return <KnownMember member={member} onMade={told} />;
          }}
        </AskedValue>
      )}
    </div>
  );
}

type Told = (invitation: Invitation, name: string) => void;

function NewMember({ onMade }: { readonly onMade: Told }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const [given, setGiven] = useState('');
  const [family, setFamily] = useState('');
  const [role, setRole] = useState<Role | null>(null);
  const [term, setTerm] = useState(emptyTermForm);
  const hasTerm = role !== null && role !== 'doctor';
  const problems = hasTerm ? termProblems(term, Date.now()) : {};
  const names = { given: given.trim(), family: family.trim() };
  const isWhole = names.given !== '' && names.family !== '' && role !== null && Object.keys(problems).length === 0;
  const make = async () => {
    if (role === null) return;
    const invitation = await engine.desks.members.invite({ ...names, role, term: hasTerm ? formTerm(term) : null });
    onMade(invitation, `${names.given} ${names.family}`);
  };
  return (
    <>
      <h1>{t('members.invite')}</h1>
      <p className="muted members-lead">{t('members.inviteLead')}</p>
      <InviteForm isWhole={isWhole} make={make}>
        {(isTried) => (
          <>
            <div className="pair">
              <TextInput
                label={t('creation.you.given')}
                value={given}
                onChange={(event) => setGiven(event.currentTarget.value)}
                error={isTried && names.given === '' ? t('creation.you.required') : null}
                autoComplete="off"
                maxLength={200}
              />
              <TextInput
                label={t('creation.you.family')}
                value={family}
                onChange={(event) => setFamily(event.currentTarget.value)}
                error={isTried && names.family === '' ? t('creation.you.required') : null}
                autoComplete="off"
                maxLength={200}
              />
            </div>
            <RoleChoice value={role} onChange={setRole} isMissing={isTried && role === null} />
            {hasTerm ? <TermFields form={term} onChange={setTerm} problems={isTried ? problems : {}} /> : null}
          </>
        )}
      </InviteForm>
    </>
  );
}

function KnownMember({ member, onMade }: { readonly member: MemberView; readonly onMade: Told }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const roleText = useRoleText();
  const [term, setTerm] = useState<TermForm>(() => termForm(member.term));
  const hasTerm = member.role !== 'doctor';
  const problems = hasTerm ? termProblems(term, Date.now()) : {};
  const name = member.name ?? t('file.someone');
  const make = async () => {
    if (hasTerm) await engine.desks.members.setTerm(member.member, formTerm(term));
    onMade(await engine.desks.members.inviteAnew(member.member), name);
  };
  return (
    <>
      <h1>{t('members.againTitle', { name })}</h1>
      <p className="muted members-lead">
        {roleText(member.role)} · {t('members.againLead')}
      </p>
      <InviteForm isWhole={Object.keys(problems).length === 0} make={make}>
        {(isTried) =>
          hasTerm ? <TermFields form={term} onChange={setTerm} problems={isTried ? problems : {}} /> : null
        }
      </InviteForm>
    </>
  );
}

interface InviteFormProps {
  readonly isWhole: boolean;
  readonly make: () => Promise<void>;
  /** Told whether the form was sent once: then it says what is missing. */
  readonly children: (isTried: boolean) => ReactNode;
}

function InviteForm({ isWhole, make, children }: InviteFormProps) {
  const { t } = useTranslation();
  const [isTried, setTried] = useState(false);
  const { isBusy, error, run } = useAttempt();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isWhole) return;
    await run(async () => {
      await make();
    });
  };
  return (
    <form onSubmit={(event) => void send(event)} noValidate>
      <div className="invite-fields">{children(isTried)}</div>
      <Failure error={error} />
      <div className="step-actions">
        <Button type="submit" loading={isBusy}>
          {t('members.make')}
        </Button>
        <span className="row-text muted" role="status">
          {isBusy ? t('members.making') : ''}
        </span>
      </div>
    </form>
  );
}

interface RoleChoiceProps {
  readonly value: Role | null;
  readonly onChange: (role: Role) => void;
  readonly isMissing: boolean;
}

/** Each role with what its keys open: a right that is not given here is a key that is not there. */
function RoleChoice({ value, onChange, isMissing }: RoleChoiceProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="choices role-choice">
      <legend>{t('members.role')}</legend>
      {roles.map((role) => (
        <label key={role}>
          <input type="radio" name="role" checked={value === role} onChange={() => onChange(role)} />
          <span>
            <b>{t(`members.roleName.${role}`)}</b>
            <span className="muted row-text">{t(`members.roleReads.${role}`)}</span>
          </span>
        </label>
      ))}
      {isMissing ? (
        <p className="red row-text" role="alert">
          {t('members.roleMissing')}
        </p>
      ) : null}
    </fieldset>
  );
}
