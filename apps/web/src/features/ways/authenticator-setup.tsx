import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { Qr } from '../kit/kit-groups.tsx';
import { CodeEntry } from '../unlock/code-entry.tsx';
import './authenticator.css';

interface AuthenticatorSetupProps {
  /** Once the recovery codes were seen. */
  readonly onDone: () => Promise<void> | void;
  /** What can be done instead, until a code was accepted. */
  readonly children?: ReactNode;
}

/** An application that makes codes without network: it reads a secret once, and proves that it did. */
export function AuthenticatorSetup({ onDone, children }: AuthenticatorSetupProps) {
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  return (
    <div className="authenticator">
      {codes === null ? <Offer onCodes={setCodes}>{children}</Offer> : <RecoveryCodes codes={codes} onDone={onDone} />}
    </div>
  );
}

interface OfferProps {
  readonly onCodes: (codes: readonly string[]) => void;
  readonly children: ReactNode;
}

function Offer({ onCodes, children }: OfferProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { value: offer, error, again } = useAsked('totp', () => engine.offerTotp());
  if (error !== null)
    return (
      <>
        <Failure
          error={error}
          action={
            <Button variant="default" onClick={again}>
              {t('app.retry')}
            </Button>
          }
        />
        <div className="code-actions">{children}</div>
      </>
    );
  if (offer === null)
    return (
      <p className="muted" role="status">
        {t('ways.loading')}
      </p>
    );
  return (
    <>
      <p>{t('ways.scan')}</p>
      <Qr text={offer.address} size={184} />
      <p className="muted row-text">
        {t('ways.typeSecret')} <code className="secret">{offer.secret.match(/.{1,4}/g)?.join(' ')}</code>
      </p>
      <CodeEntry
        sent={null}
        label={t('factor.label.totp')}
        submit={t('ways.confirm')}
        length={6}
        onCode={async (code) => onCodes(await engine.confirmTotp(code))}
        onAgain={null}
      >
        {children}
      </CodeEntry>
    </>
  );
}

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly onDone: () => Promise<void> | void;
}

/** Shown this once: the server keeps hashes. */
function RecoveryCodes({ codes, onDone }: RecoveryCodesProps) {
  const { t } = useTranslation();
  const { isBusy, error, run } = useAttempt();
  return (
    <>
      <h2 className="recovery-title">{t('ways.codesTitle')}</h2>
      <p>{t('ways.codesLead')}</p>
      <ol className="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <Failure error={error} />
      <div className="code-actions">
        <Button loading={isBusy} onClick={() => void run(async () => onDone())}>
          {t('ways.codesKept')}
        </Button>
        <Button variant="default" onClick={() => void navigator.clipboard.writeText(codes.join('\n'))}>
          {t('ways.copy')}
        </Button>
      </div>
    </>
  );
}
