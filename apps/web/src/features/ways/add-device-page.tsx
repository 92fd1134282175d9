import { Button, TextInput } from '@mantine/core';
import type { EnrolmentEnding } from '@serment/core/wire/enrolment';
import type { OpenerStep } from '@serment/replica/enrolment-opener';
import { Link } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { usePolled } from '../../session/use-polled.ts';
import { useEngine } from '../../session/use-session.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { ComparedCode } from '../../ui/compared-code.tsx';
import { useErrorText } from '../../ui/error-text.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useTitle } from '../../ui/use-title.ts';
import { codeOf } from '../../worker/carried-error.ts';
import { canReadQr, QrReader } from './qr-reader.tsx';
import '../../ui/typed-code.css';
import './ways.css';
import './add-device.css';

type Stage = 'reference' | 'begun' | 'added' | 'different';

/** This open device adds another one of its member: it reads a QR code, or a person compares two codes. */
export function AddDevicePage() {
  const { t } = useTranslation();
  const engine = useEngine();
  const [stage, setStage] = useState<Stage>('reference');
  const isUnderWay = useRef(false);
  useEffect(() => {
    isUnderWay.current = stage === 'begun';
  }, [stage]);
  // Whoever leaves the page does not add the device: it is told at once.
  useEffect(
    () => () => {
      if (isUnderWay.current) void engine.desks.devices.endAdding('refused').catch(() => undefined);
    },
    [engine],
  );
  const end = (ending: EnrolmentEnding, next: Stage) => {
    setStage(next);
    void engine.desks.devices.endAdding(ending).catch(() => undefined);
  };
  if (stage === 'reference') return <Reference onBegun={() => setStage('begun')} />;
  if (stage === 'begun')
    return (
      <Begun
        onAdded={() => setStage('added')}
        onAgain={() => setStage('reference')}
        onRefuse={() => end('refused', 'reference')}
        onDifferent={() => end('different', 'different')}
      />
    );
  if (stage === 'different')
    return (
      <Page title={t('adding.stopped')}>
        <Notice tone="red" title={t('adding.differentTitle')}>
          {t('adding.different')}
        </Notice>
        <div className="step-actions">
          <Button variant="default" onClick={() => setStage('reference')}>
            {t('adding.again')}
          </Button>
        </div>
      </Page>
    );
  return (
    <Page title={t('adding.addedTitle')} lead={t('adding.addedLead')}>
      <p className="device-next">
        <Link to="/coffre/membres">{t('members.title')}</Link>
      </p>
    </Page>
  );
}

/** What is wrong with what was typed. */
const typedErrors = new Set(['ENROLMENT_INVALID', 'ENROLMENT_CHECKSUM', 'ENROLMENT_UNKNOWN', 'FORMAT_UNKNOWN']);

function Reference({ onBegun }: { readonly onBegun: () => void }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const errorText = useErrorText();
  const [text, setText] = useState('');
  const [isReading, setReading] = useState(false);
  const { isBusy, error, run } = useAttempt();
  const begin = (given: string) =>
    run(async () => {
      await engine.desks.devices.beginAdding(given);
      onBegun();
    });
  const send = (event: FormEvent) => {
    event.preventDefault();
    void begin(text);
  };
  const isTyped = error !== null && typedErrors.has(codeOf(error));
  return (
    <Page title={t('adding.title')} lead={t('adding.lead')}>
      {isReading ? (
        <QrReader
          prefix="SERMENT-DEVICE:"
          onText={(found) => {
            setReading(false);
            void begin(found);
          }}
          onClose={() => setReading(false)}
        />
      ) : (
        <form onSubmit={send} noValidate>
          <div className="device-reference typed-code">
            <TextInput
              label={t('adding.reference')}
              description={t('adding.referenceHint')}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              error={isTyped ? errorText(error) : null}
              autoCapitalize="characters"
              autoComplete="off"
              spellCheck={false}
              maxLength={300}
            />
          </div>
          <Failure error={isTyped ? null : error} />
          <p className="device-warning row-text">{t('adding.warning')}</p>
          <div className="step-actions">
            <Button type="submit" loading={isBusy} disabled={text.trim() === ''}>
              {t('adding.submit')}
            </Button>
            {canReadQr() ? (
              <Button variant="default" disabled={isBusy} onClick={() => setReading(true)}>
                {t('adding.scan')}
              </Button>
            ) : null}
          </div>
        </form>
      )}
    </Page>
  );
}

interface BegunProps {
  readonly onAdded: () => void;
  readonly onAgain: () => void;
  readonly onRefuse: () => void;
  readonly onDifferent: () => void;
}

/** What is no failure: a person decided it, or the time passed. */
const decided = new Set(['ENROLMENT_CANCELLED', 'ENROLMENT_EXPIRED']);

function Begun({ onAdded, onAgain, onRefuse, onDifferent }: BegunProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const errorText = useErrorText();
  const { isBusy, error: failure, run } = useAttempt();
  const { value: step, error, isCut } = usePolled<OpenerStep>(() => engine.desks.devices.lookAdding(), !isBusy);
  const isAdded = step?.step === 'added';
  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer that was lost had added it.
  useEffect(() => {
    if (isAdded) onAdded();
  }, [isAdded]);
  const approve = () =>
    run(async () => {
      await engine.desks.devices.approveAdding();
      onAdded();
    });
  const status = isCut ? t('adding.cut') : isBusy ? t('adding.approving') : '';
  if (error !== null)
    return (
      <Page title={t('adding.stopped')}>
        {decided.has(codeOf(error)) ? <Notice tone="amber">{errorText(error)}</Notice> : <Failure error={error} />}
        <div className="step-actions">
          <Button onClick={onAgain}>{t('adding.again')}</Button>
        </div>
      </Page>
    );
  if (step?.step !== 'compare')
    return (
      <Page title={t('adding.title')}>
        <p className="muted" role="status">
          {isCut ? t('adding.cut') : t('adding.waiting')}
        </p>
        <div className="step-actions">
          <Button variant="default" onClick={onRefuse}>
            {t('app.cancel')}
          </Button>
        </div>
      </Page>
    );
  const { code, isScanned } = step;
  return (
    <Page
      title={t(isScanned ? 'adding.confirm' : 'adding.compare')}
      lead={t(isScanned ? 'adding.scannedLead' : 'adding.compareLead')}
    >
      <ComparedCode code={code} label={t('adding.code')} name="code" />
      <Failure error={failure} />
      <p className="row-text muted" role="status">
        {status}
      </p>
      <div className="step-actions">
        <Button loading={isBusy} onClick={() => void approve()}>
          {t(isScanned ? 'adding.approve' : 'adding.same')}
        </Button>
        <Button variant="default" disabled={isBusy} onClick={onDifferent}>
          {t('adding.differ')}
        </Button>
        <Button variant="quiet" disabled={isBusy} onClick={onRefuse}>
          {t('app.cancel')}
        </Button>
      </div>
    </Page>
  );
}

interface PageProps {
  readonly title: string;
  readonly lead?: string;
  readonly children: ReactNode;
}

function Page({ title, lead, children }: PageProps) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(title);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another title is another step.
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <div className="page ways-page add-device">
      <BackLink to="/coffre/acces">{t('ways.title')}</BackLink>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {lead === undefined ? null : <p className="muted ways-lead">{lead}</p>}
      {children}
    </div>
  );
}
