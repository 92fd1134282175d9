import { Button, TextInput } from '@mantine/core';
import { parseRpps } from '@serment/records/identifiers/rpps';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { NewPracticeInput, PrintedKit } from '../../worker/protocol.ts';
import { KitCheck } from '../kit/kit-check.tsx';
import { KitPaper } from '../kit/kit-paper.tsx';
import { KitStep } from '../kit/kit-step.tsx';
import { useProposedName } from '../members/platform.ts';
import { PasswordStep } from './password-step.tsx';
import { SecondFactorStep } from './second-factor-step.tsx';
import { StepFrame } from './step-frame.tsx';

interface CreationProps {
  readonly onBack: () => void;
  readonly onDone: () => void;
}

type Step = 'you' | 'password' | 'kit' | 'check' | 'phone' | 'done';

/** A practice in four steps. Nothing exists at the host before the kit was printed and read back. */
export function Creation({ onBack, onDone }: CreationProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const proposedName = useProposedName();
  const [step, setStep] = useState<Step>('you');
  const [input, setInput] = useState<NewPracticeInput | null>(null);
  const [password, setPassword] = useState('');
  const [number, setNumber] = useState('');
  const [kit, setKit] = useState<PrintedKit | null>(null);
  const [error, setError] = useState<unknown>(null);

  const prepare = async (chosen: string) => {
    if (input === null) return;
    setPassword(chosen);
    setStep('kit');
    setError(null);
    try {
      setKit(await engine.prepare(input));
    } catch (caught) {
      setError(caught);
    }
  };

  if (step === 'you')
    return (
      <You
        known={input}
        onBack={onBack}
        onNext={(next) => {
          setInput(next);
          setStep('password');
        }}
      />
    );
  if (step === 'password')
    return (
      <StepFrame step={2} title={t('creation.password.title')} lead={t('creation.password.lead')}>
        <PasswordStep
          withPhone
          onChosen={(chosen, typed) => {
            setNumber(typed);
            void prepare(chosen);
          }}
          onBack={() => setStep('you')}
        />
      </StepFrame>
    );
  if (step === 'phone')
    return (
      <SecondFactorStep
        step={4}
        number={number}
        onConfirmed={async () => {
          await engine.enter(proposedName);
          setStep('done');
        }}
      />
    );
  if (step === 'done') return <Done onOpen={onDone} />;
  const failure =
    error === null ? null : (
      <Failure
        error={error}
        action={
          <Button variant="default" onClick={() => void prepare(password)}>
            {t('app.retry')}
          </Button>
        }
      />
    );
  return (
    <>
      {step === 'kit' ? (
        <KitStep
          step={3}
          title={t('creation.kit.title')}
          lead={t('creation.kit.lead')}
          warning={t('creation.kit.loss')}
          failure={failure}
          kit={kit}
          practiceName={input?.practiceName ?? ''}
          holderRole="doctor"
          onChecked={() => setStep('check')}
        />
      ) : null}
      {step === 'check' && kit !== null ? (
        <KitCheck
          step={3}
          kit={kit}
          submit={t('creation.kit.check')}
          working={t('creation.kit.creating')}
          check={engine.checkKit}
          act={async () => {
            await engine.create(password);
            setPassword('');
            setKit(null);
            setStep('phone');
          }}
          onSeeAgain={() => setStep('kit')}
        />
      ) : null}
      {kit === null || input === null ? null : (
        <KitPaper
          kit={kit}
          practiceName={input.practiceName}
          holder={{ name: `Dr ${input.given} ${input.family}`, role: 'doctor' }}
        />
      )}
    </>
  );
}

interface YouProps {
  readonly known: NewPracticeInput | null;
  readonly onBack: () => void;
  readonly onNext: (input: NewPracticeInput) => void;
}

function You({ known, onBack, onNext }: YouProps) {
  const { t } = useTranslation();
  const [practiceName, setPracticeName] = useState(known?.practiceName ?? '');
  const [given, setGiven] = useState(known?.given ?? '');
  const [family, setFamily] = useState(known?.family ?? '');
  const [rpps, setRpps] = useState(known?.rpps ?? '');
  const [isTried, setTried] = useState(false);
  const missing = (value: string) => (isTried && value.trim() === '' ? t('creation.you.required') : null);
  const number = parseRpps(rpps);
  const isNumberGiven = rpps.trim() !== '';
  const isUnreadable = isNumberGiven && number.rpps === null;
  const send = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isUnreadable || [practiceName, given, family].some((value) => value.trim() === '')) return;
    onNext({ practiceName: practiceName.trim(), given: given.trim(), family: family.trim(), rpps: number.rpps });
  };
  return (
    <StepFrame step={1} title={t('creation.you.title')}>
      <form onSubmit={send} noValidate>
        <div className="fields">
          <TextInput
            label={t('creation.you.practice')}
            description={t('creation.you.practiceHint')}
            value={practiceName}
            onChange={(event) => setPracticeName(event.currentTarget.value)}
            error={missing(practiceName)}
            autoComplete="organization"
            maxLength={200}
          />
          <div className="pair">
            <TextInput
              label={t('creation.you.given')}
              value={given}
              onChange={(event) => setGiven(event.currentTarget.value)}
              error={missing(given)}
              autoComplete="given-name"
              maxLength={200}
            />
            <TextInput
              label={t('creation.you.family')}
              value={family}
              onChange={(event) => setFamily(event.currentTarget.value)}
              error={missing(family)}
              autoComplete="family-name"
              maxLength={200}
            />
          </div>
          <TextInput
            label={t('creation.you.rpps')}
            description={t('creation.you.rppsHint')}
            value={rpps}
            onChange={(event) => setRpps(event.currentTarget.value)}
            inputMode="numeric"
            autoComplete="off"
            maxLength={30}
            error={isTried && isUnreadable ? t('creation.you.rppsForm') : null}
          />
          {isNumberGiven && number.findings.includes('RPPS_KEY') ? (
            <Notice tone="amber">{t('creation.you.rppsWarning')}</Notice>
          ) : null}
        </div>
        <div className="step-actions">
          <Button type="submit">{t('creation.you.next')}</Button>
          <Button variant="quiet" onClick={onBack}>
            {t('app.back')}
          </Button>
        </div>
      </form>
    </StepFrame>
  );
}

function Done({ onOpen }: { readonly onOpen: () => void }) {
  const { t } = useTranslation();
  return (
    <StepFrame step={4} title={t('creation.done.title')} lead={t('creation.done.lead')}>
      <p className="aside-note done-note">{t('creation.done.safe')}</p>
      <div className="step-actions">
        <Button onClick={onOpen}>{t('creation.done.open')}</Button>
      </div>
    </StepFrame>
  );
}
