import { Button } from '@mantine/core';
import type { EnrolmentEnding } from '@serment/core/wire/enrolment';
import { useEffect, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { usePolled } from '../../session/use-polled.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { ComparedCode } from '../../ui/compared-code.tsx';
import { useErrorText } from '../../ui/error-text.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useNow } from '../../ui/now.ts';
import { useAttempt } from '../../ui/use-attempt.ts';
import { codeOf } from '../../worker/carried-error.ts';
import type { EnrolledMember, NewcomerShown, NewcomerView } from '../../worker/protocol.ts';
import { Qr } from '../kit/kit-groups.tsx';
import { OpeningProgress } from '../unlock/opening-progress.tsx';
import { KnownMember } from './known-member.tsx';
import { StepFrame } from './step-frame.tsx';
import './other-device.css';

interface OtherDeviceProps {
  readonly onBack: () => void;
  readonly onDone: () => void;
  /** Leads to where a passkey adds this device instead. */
  readonly onPasskey: () => void;
}

/** This device is added by another one of its member that is open: a QR code, or two codes that a person compares. */
export function OtherDevice({ onBack, onDone, onPasskey }: OtherDeviceProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const [turn, setTurn] = useState(0);
  const [member, setMember] = useState<EnrolledMember | null>(null);
  const { value: shown, error } = useAsked(`newcomer/${turn}`, () => engine.beginEnrolment());
  const again = () => setTurn(turn + 1);
  if (member !== null) return <KnownMember member={member} onDone={onDone} />;
  if (error !== null)
    return (
      <StepFrame step={null} title={t('otherDevice.title')}>
        <Failure error={error} />
        <Again onAgain={again} onBack={onBack} />
      </StepFrame>
    );
  if (shown === null)
    return (
      <StepFrame step={null} title={t('otherDevice.title')}>
        <p className="muted row-text" role="status">
          {t('otherDevice.beginning')}
        </p>
      </StepFrame>
    );
  return <Begun key={turn} shown={shown} onAdded={setMember} onAgain={again} onBack={onBack} onPasskey={onPasskey} />;
}

interface BegunProps {
  readonly shown: NewcomerShown;
  readonly onAdded: (member: EnrolledMember) => void;
  readonly onAgain: () => void;
  readonly onBack: () => void;
  readonly onPasskey: () => void;
}

/** What is no failure: a person decided it, or the time passed. */
const decided = new Set(['ENROLMENT_REFUSED', 'ENROLMENT_EXPIRED']);

function Begun({ shown, onAdded, onAgain, onBack, onPasskey }: BegunProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const errorText = useErrorText();
  const [isAgreed, setAgreed] = useState(false);
  const [isDifferent, setDifferent] = useState(false);
  const [isAdded, setAdded] = useState(false);
  const {
    value: step,
    error,
    isCut,
  } = usePolled<NewcomerView>(() => engine.lookEnrolment(), !(isAdded || isDifferent));
  const { isBusy, error: failure, run } = useAttempt();
  const end = (ending: EnrolmentEnding) => engine.endEnrolment(ending).catch(() => undefined);
  const enter = () => run(async () => onAdded(await engine.enterEnrolment()));
  const isNamed = step?.step === 'added';
  // biome-ignore lint/correctness/useExhaustiveDependencies: it enters once, when the open device has added it.
  useEffect(() => {
    if (!isNamed) return;
    setAdded(true);
    void enter();
  }, [isNamed]);
  const leave = (to: () => void) => {
    void end('cancelled');
    to();
  };
  if (isDifferent || (error !== null && !decided.has(codeOf(error))))
    return (
      <StepFrame step={null} title={t('otherDevice.stopped')}>
        {isDifferent ? (
          <Notice tone="red" title={t('adding.differentTitle')}>
            {t('otherDevice.different')}
          </Notice>
        ) : (
          <Failure error={error} />
        )}
        <Again onAgain={onAgain} onBack={onBack} />
      </StepFrame>
    );
  if (error !== null)
    return (
      <StepFrame step={null} title={t('otherDevice.notAdded')}>
        <Notice tone="amber">{errorText(error)}</Notice>
        <Again onAgain={onAgain} onBack={onBack} />
      </StepFrame>
    );
  if (isAdded)
    return (
      <StepFrame step={null} title={t('otherDevice.added')} lead={t('otherDevice.addedLead')}>
        <Failure error={failure} />
        <div className="step-actions">
          {failure === null ? null : (
            <Button loading={isBusy} onClick={() => void enter()}>
              {t('app.retry')}
            </Button>
          )}
          {isBusy ? <OpeningProgress words={t('enrol.working')} /> : null}
        </div>
      </StepFrame>
    );
  if (step?.step === 'compare')
    return (
      <Compared
        code={step.code}
        isProven={step.isProven}
        isAgreed={isAgreed}
        isCut={isCut}
        onAgree={() =>
          void run(async () => {
            await engine.agreeEnrolment();
            setAgreed(true);
          })
        }
        onDifferent={() => {
          setDifferent(true);
          void end('different');
        }}
        onCancel={() => leave(onBack)}
      />
    );
  return <Waiting shown={shown} isCut={isCut} onCancel={() => leave(onBack)} onPasskey={() => leave(onPasskey)} />;
}

interface WaitingProps {
  readonly shown: NewcomerShown;
  readonly isCut: boolean;
  readonly onCancel: () => void;
  readonly onPasskey: () => void;
}

function Waiting({ shown, isCut, onCancel, onPasskey }: WaitingProps) {
  const { t } = useTranslation();
  const now = useNow(10_000);
  const [isCopied, setCopied] = useState(false);
  const minutes = Math.min(5, Math.max(1, Math.ceil((shown.expires - now) / 60_000)));
  const copy = () =>
    void navigator.clipboard.writeText(shown.qr).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <StepFrame step={null} title={t('otherDevice.title')} lead={t('otherDevice.lead')}>
      <div className="newcomer">
        <ComparedCode code={shown.reference} label={t('otherDevice.reference')} name="reference" />
        <div className="newcomer-qr">
          <Qr text={shown.qr} size={196} />
          <div>
            <p>{t('otherDevice.qr')}</p>
            <p>
              <button type="button" className="text-button" onClick={copy}>
                {t('otherDevice.copy')}
              </button>{' '}
              <span className="row-text muted" role="status">
                {isCopied ? t('otherDevice.copied') : ''}
              </span>
            </p>
          </div>
        </div>
      </div>
      <p className="aside-note" role="status">
        {isCut ? t('adding.cut') : t('otherDevice.waiting', { count: minutes })}
      </p>
      <div className="step-actions">
        <Button variant="default" onClick={onPasskey}>
          {t('otherDevice.passkey')}
        </Button>
        <Button variant="quiet" onClick={onCancel}>
          {t('app.cancel')}
        </Button>
      </div>
    </StepFrame>
  );
}

interface ComparedProps {
  readonly code: string;
  readonly isProven: boolean;
  readonly isAgreed: boolean;
  readonly isCut: boolean;
  readonly onAgree: () => void;
  readonly onDifferent: () => void;
  readonly onCancel: () => void;
}

function Compared({ code, isProven, isAgreed, isCut, onAgree, onDifferent, onCancel }: ComparedProps) {
  const { t } = useTranslation();
  const isAnswered = isProven || isAgreed;
  const lead = isProven ? 'otherDevice.provenLead' : isAgreed ? 'otherDevice.agreedLead' : 'otherDevice.compareLead';
  return (
    <StepFrame step={null} title={t(isAnswered ? 'otherDevice.confirmThere' : 'adding.compare')} lead={t(lead)}>
      <ComparedCode code={code} label={t('adding.code')} name="code" />
      <p className="row-text muted" role="status">
        {isCut ? t('adding.cut') : isAnswered ? t('otherDevice.waitingThere') : ''}
      </p>
      <div className="step-actions">
        {isAnswered ? null : <Button onClick={onAgree}>{t('otherDevice.agree')}</Button>}
        <Button variant="default" onClick={onDifferent}>
          {t('adding.differ')}
        </Button>
        <Button variant="quiet" onClick={onCancel}>
          {t('app.cancel')}
        </Button>
      </div>
    </StepFrame>
  );
}

function Again({ onAgain, onBack }: { readonly onAgain: () => void; readonly onBack: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="step-actions">
      <Button onClick={onAgain}>{t('adding.again')}</Button>
      <Button variant="quiet" onClick={onBack}>
        {t('app.back')}
      </Button>
    </div>
  );
}
