import { Button, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { useErrorText } from '../../ui/error-text.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { codeOf } from '../../worker/carried-error.ts';
import { useProposedName } from '../members/platform.ts';
import { OpeningProgress } from '../unlock/opening-progress.tsx';
import { PasswordStep } from './password-step.tsx';
import { SecondFactorStep } from './second-factor-step.tsx';
import { StepFrame } from './step-frame.tsx';
import '../../ui/typed-code.css';

interface JoiningProps {
  /** Of the address that was opened; null to ask for it. */
  readonly linkText: string | null;
  readonly onBack: () => void;
  readonly onDone: () => void;
}

type Step = 'invitation' | 'password' | 'phone' | 'done';

/** Somebody who was invited enters: a link, a spoken code, then a password and a telephone of one's own. */
export function Joining({ linkText, onBack, onDone }: JoiningProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const proposedName = useProposedName();
  const [step, setStep] = useState<Step>('invitation');
  const [number, setNumber] = useState('');
  const { isBusy, error, run } = useAttempt();
  const choose = (password: string, typed: string) =>
    run(async () => {
      await engine.finishEnrolment(password);
      setNumber(typed);
      setStep('phone');
    });
  if (step === 'invitation')
    return <Invited linkText={linkText} onBack={onBack} onJoined={() => setStep('password')} />;
  if (step === 'password')
    return (
      <StepFrame step={2} title={t('creation.password.title')} lead={t('creation.password.lead')}>
        <PasswordStep
          withPhone
          isBusy={isBusy}
          loss={t('join.loss')}
          onBack={null}
          onChosen={(password, typed) => void choose(password, typed)}
        />
        <Failure error={error} />
      </StepFrame>
    );
  if (step === 'phone')
    return (
      <SecondFactorStep
        step={3}
        number={number}
        onConfirmed={async () => {
          await engine.enter(proposedName);
          setStep('done');
        }}
      />
    );
  return (
    <StepFrame step={4} title={t('join.doneTitle')} lead={t('join.doneLead')}>
      <div className="step-actions">
        <Button onClick={onDone}>{t('creation.done.open')}</Button>
      </div>
    </StepFrame>
  );
}

/** What is wrong with the code as it was typed. */
const codeErrors = new Set(['INVITATION_CODE_INVALID', 'INVITATION_UNKNOWN']);
/** What is wrong with the link itself: it is to be pasted anew. */
const linkErrors = new Set(['INVITATION_INVALID', 'INVITATION_CHECKSUM', 'FORMAT_UNKNOWN']);
/** What is no failure: somebody decided it, or it is not the day. */
const decided = new Set(['INVITATION_EARLY', 'INVITATION_EXPIRED', 'INVITATION_CANCELLED', 'HOLDER_FROZEN']);

interface InvitedProps {
  readonly linkText: string | null;
  readonly onBack: () => void;
  readonly onJoined: () => void;
}

function Invited({ linkText, onBack, onJoined }: InvitedProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const errorText = useErrorText();
  const [link, setLink] = useState(linkText ?? '');
  const [isLinkAsked, setLinkAsked] = useState(link === '');
  const [code, setCode] = useState('');
  const { isBusy, error, run } = useAttempt();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    await run(
      async () => {
        await engine.join(link, code);
        onJoined();
      },
      (failure) => {
        if (linkErrors.has(codeOf(failure))) setLinkAsked(true);
      },
    );
  };
  const wrong = error === null ? '' : codeOf(error);
  const fieldError = (codes: ReadonlySet<string>) => (codes.has(wrong) ? errorText(error) : null);
  const isElsewhere = error !== null && !codeErrors.has(wrong) && !linkErrors.has(wrong);
  return (
    <StepFrame step={1} title={t('join.title')} lead={t(isLinkAsked ? 'join.leadLink' : 'join.lead')}>
      <form onSubmit={(event) => void send(event)} noValidate>
        <div className="fields">
          {isLinkAsked ? (
            <Textarea
              label={t('join.link')}
              description={t('join.linkHint')}
              value={link}
              onChange={(event) => setLink(event.currentTarget.value)}
              error={fieldError(linkErrors)}
              rows={3}
              spellCheck={false}
              autoComplete="off"
            />
          ) : null}
          <TextInput
            className="typed-code"
            label={t('join.code')}
            description={t('join.codeHint')}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            error={fieldError(codeErrors)}
            autoCapitalize="characters"
            autoComplete="off"
            spellCheck={false}
            maxLength={30}
          />
        </div>
        {isElsewhere ? (
          decided.has(wrong) ? (
            <Notice tone="amber">{errorText(error)}</Notice>
          ) : (
            <Failure error={error} />
          )
        ) : null}
        <div className="step-actions">
          <Button type="submit" loading={isBusy} disabled={code.trim() === '' || link.trim() === ''}>
            {t('join.submit')}
          </Button>
          <Button variant="quiet" onClick={onBack} disabled={isBusy}>
            {t('app.back')}
          </Button>
          {isBusy ? <OpeningProgress words={t('enrol.working')} /> : null}
        </div>
      </form>
    </StepFrame>
  );
}
