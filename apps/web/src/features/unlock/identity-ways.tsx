import { Button } from '@mantine/core';
import type { IdentityMethod } from '@serment/core/wire/identity';
import type { IdentityAnswer } from '@serment/replica/sign-in/identity';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { codeOf } from '../../worker/carried-error.ts';
import { proveIdentity } from './identity-window.ts';

interface IdentityWaysProps {
  /** Whose, by its author, in hexadecimal. */
  readonly device: string;
  readonly onProven: (answer: IdentityAnswer) => Promise<void>;
}

/** One button for each card that this host can check; nothing where it checks none. */
export function IdentityWays({ device, onProven }: IdentityWaysProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { value: methods } = useAsked('identity', () => engine.identityMethods());
  const [waiting, setWaiting] = useState<IdentityMethod | null>(null);
  const [error, setError] = useState<unknown>(null);
  const cancel = useRef<AbortController | null>(null);
  useEffect(() => () => cancel.current?.abort(), []);
  if (methods === null || methods.length === 0) return null;
  const prove = async (method: IdentityMethod) => {
    cancel.current = new AbortController();
    setWaiting(method);
    setError(null);
    try {
      await onProven(await proveIdentity(() => engine.beginIdentity(device, method), cancel.current.signal));
    } catch (caught) {
      setError(caught);
    } finally {
      setWaiting(null);
    }
  };
  const isCancelled = error !== null && codeOf(error) === 'IDENTITY_CANCELLED';
  return (
    <div className="identity-ways">
      {waiting === null ? (
        methods.map((method) => (
          <Button key={method} variant="default" onClick={() => void prove(method)}>
            {t(`identity.${method}`)}
          </Button>
        ))
      ) : (
        <p className="row-text" role="status">
          {t(`identity.waiting.${waiting}`)}{' '}
          <button type="button" className="text-button" onClick={() => cancel.current?.abort()}>
            {t('app.cancel')}
          </button>
        </p>
      )}
      <Failure error={isCancelled ? null : error} />
    </div>
  );
}
