import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { codeOf } from '../../worker/carried-error.ts';
import type { EnrolledMember, PasskeyHolder } from '../../worker/protocol.ts';
import { OpeningProgress } from '../unlock/opening-progress.tsx';
import { askHolder, hasPasskeys } from '../unlock/passkey.ts';
import { PasskeyFailure } from '../unlock/passkey-failure.tsx';
import { KnownMember } from './known-member.tsx';
import { StepFrame } from './step-frame.tsx';

interface PasskeyEnrolmentProps {
  readonly onBack: () => void;
  readonly onDone: () => void;
}

/** This browser, which holds nothing, becomes a device of the member whose passkey is given: one gesture. */
export function PasskeyEnrolment({ onBack, onDone }: PasskeyEnrolmentProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const [member, setMember] = useState<EnrolledMember | null>(null);
  /** Given, while only the line was missing: it is tried again without another gesture. */
  const [given, setGiven] = useState<PasskeyHolder | null>(null);
  const { isBusy, error, run } = useAttempt();
  if (member !== null) return <KnownMember member={member} onDone={onDone} />;
  const enrol = () =>
    run(
      async () => {
        const holder = given ?? (await askHolder());
        setGiven(holder);
        setMember(await engine.enrolByPasskey(holder));
      },
      (failure) => {
        if (codeOf(failure) !== 'UNREACHABLE') setGiven(null);
      },
    );
  return (
    <StepFrame step={null} title={t('passkeyEnrolment.title')} lead={t('passkeyEnrolment.lead')}>
      {hasPasskeys() ? null : <Notice tone="amber">{t('passkeyEnrolment.missing')}</Notice>}
      <PasskeyFailure error={error} />
      <div className="step-actions">
        <Button onClick={() => void enrol()} loading={isBusy} disabled={!hasPasskeys()}>
          {t(given === null || isBusy ? 'passkeyEnrolment.submit' : 'app.retry')}
        </Button>
        <Button variant="quiet" onClick={onBack} disabled={isBusy}>
          {t('app.back')}
        </Button>
        {isBusy ? <OpeningProgress words={t('enrol.working')} /> : null}
      </div>
    </StepFrame>
  );
}
