import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { CodeEntry } from '../unlock/code-entry.tsx';
import { Qr } from '../welcome/kit-groups.tsx';

interface AuthenticatorSheetProps {
  /** Whether one is set up already. */
  readonly isSet: boolean;
  readonly onClose: () => void;
}

/** An application that makes codes without network: it reads a secret once, and proves that it did. */
export function AuthenticatorSheet({ isSet, onClose }: AuthenticatorSheetProps) {
  const { t } = useTranslation();
  const [isReplacing, setReplacing] = useState(!isSet);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  return (
    <Sheet title={t(codes === null ? 'ways.authenticator' : 'ways.codesTitle')} onClose={onClose}>
      {codes !== null ? (
        <RecoveryCodes codes={codes} onClose={onClose} />
      ) : isReplacing ? (
        <Offer onCodes={setCodes} />
      ) : (
        <Standing onReplace={() => setReplacing(true)} onRemoved={onClose} />
      )}
    </Sheet>
  );
}

function Offer({ onCodes }: { readonly onCodes: (codes: readonly string[]) => void }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { value: offer, error, again } = useAsked('totp', () => engine.offerTotp());
  if (error !== null)
    return (
      <Failure
        error={error}
        action={
          <Button variant="default" onClick={again}>
            {t('app.retry')}
          </Button>
        }
      />
    );
  if (offer === null) return <p className="muted">{t('ways.loading')}</p>;
  return (
    <div className="authenticator">
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
      />
    </div>
  );
}

function Standing({ onReplace, onRemoved }: { readonly onReplace: () => void; readonly onRemoved: () => void }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const [error, setError] = useState<unknown>(null);
  const remove = () => {
    setError(null);
    engine.removeTotp().then(onRemoved, setError);
  };
  return (
    <div className="authenticator">
      <p>{t('ways.standing')}</p>
      <Failure error={error} />
      <div className="code-actions">
        <Button onClick={onReplace}>{t('ways.replace')}</Button>
        <Button variant="default" onClick={remove}>
          {t('ways.remove')}
        </Button>
      </div>
    </div>
  );
}

/** Shown this once: the server keeps hashes. */
function RecoveryCodes({ codes, onClose }: { readonly codes: readonly string[]; readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="authenticator">
      <p>{t('ways.codesLead')}</p>
      <ol className="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div className="code-actions">
        <Button onClick={onClose}>{t('ways.codesKept')}</Button>
        <Button variant="default" onClick={() => void navigator.clipboard.writeText(codes.join('\n'))}>
          {t('ways.copy')}
        </Button>
      </div>
    </div>
  );
}
