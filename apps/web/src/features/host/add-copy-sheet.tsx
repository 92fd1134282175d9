import { Button } from '@mantine/core';
import { CodedError } from '@serment/core/error';
import type { AskedPlace, TriedPlace } from '@serment/core/wire/copy-place';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Sheet } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { codeOf } from '../../worker/carried-error.ts';
import { ConfirmStep } from './confirm-step.tsx';
import { useConsole } from './console-session.ts';
import { useConsoleWords } from './console-words.ts';
import { hostClient } from './host-client.ts';
import { PlaceFields } from './place-fields.tsx';
import { PlaceRefusal, refusedField } from './place-refusal.tsx';
import { askedPlace, isFilled, nothingTyped, type TypedPlace } from './typed-place.ts';

interface AddCopySheetProps {
  readonly onDone: (words: string) => void;
  readonly onClose: () => void;
}

/** A new copy: who asks proves who it is, says where it is, has it tried, and adds it. */
export function AddCopySheet({ onDone, onClose }: AddCopySheetProps) {
  const { t } = useConsoleWords();
  const { session, endIfOver } = useConsole();
  const { isBusy, error, run, forget } = useAttempt();
  const [confirmed, setConfirmed] = useState<'not yet' | 'now' | 'no more'>('not yet');
  const [typed, setTyped] = useState(nothingTyped);
  const [last, setLast] = useState<{ readonly of: TypedPlace; readonly tried: TriedPlace } | null>(null);
  const [isAdding, setAdding] = useState(false);
  // What was typed since, while it was tried too, was not.
  const tried = last?.of === typed ? last.tried : null;
  const ask = (work: (place: AskedPlace) => Promise<void>) =>
    run(
      async () => {
        const place = askedPlace(typed);
        if (typeof place === 'string') throw invalid(place);
        await work(place);
      },
      (failure) => {
        if (codeOf(failure) === 'OPERATOR_UNCONFIRMED') setConfirmed('no more');
        else setLast(null);
        endIfOver(failure);
      },
    );
  const attempt = (event: FormEvent) => {
    event.preventDefault();
    void ask(async (place) => setLast({ of: typed, tried: await hostClient.tryCopy(session.token, place) }));
  };
  const add = async () => {
    setAdding(true);
    await ask(async (place) => {
      await hostClient.addCopy(session.token, place);
      onDone(t('addingCopy.done', { copy: place.name }));
    });
    setAdding(false);
  };
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // What is to be corrected may be far above what was pressed, and what is to be read below.
    if (refusedField(error) !== null) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    else if (error !== null || tried !== null) form.current?.lastElementChild?.scrollIntoView({ block: 'nearest' });
  }, [error, tried]);
  const begin = () => {
    forget();
    setConfirmed('now');
  };
  return (
    <Sheet title={t('addingCopy.title')} isBusy={isBusy} onClose={onClose}>
      {confirmed === 'now' ? (
        <form ref={form} className="host-form" onSubmit={attempt}>
          <PlaceFields
            typed={typed}
            wrong={refusedField(error)}
            onChange={(next) => {
              forget();
              setTyped(next);
            }}
          />
          <PlaceRefusal error={error} />
          {tried === null ? null : <Tried tried={tried} />}
          {tried !== null && typed.kind === 's3' ? <p>{t('addingCopy.keeper')}</p> : null}
          {tried === null ? null : <p>{t('console.inscribedInAll', { name: session.name })}</p>}
          <div className="host-actions">
            <Button
              type="submit"
              variant="default"
              loading={isBusy && !isAdding}
              disabled={isAdding || !isFilled(typed)}
            >
              {t('addingCopy.try')}
            </Button>
            {/* Not in the place of the other one: what is pressed twice is tried twice. */}
            <Button loading={isAdding} disabled={tried === null || isBusy} onClick={() => void add()}>
              {t('addingCopy.add')}
            </Button>
            <Button variant="default" disabled={isBusy} onClick={onClose}>
              {t('app.cancel')}
            </Button>
            <p className="muted row-text" role="status">
              {isBusy ? t(isAdding ? 'addingCopy.adding' : 'addingCopy.trying') : ''}
            </p>
          </div>
        </form>
      ) : (
        <ConfirmStep lead={t('addingCopy.confirmLead')} isAgain={confirmed === 'no more'} onConfirmed={begin} />
      )}
    </Sheet>
  );
}

/** What was found there; that it is no proof is why nothing is green. */
function Tried({ tried: { isEmpty, practices, sameDisk, freeBytes } }: { readonly tried: TriedPlace }) {
  const { t, size } = useConsoleWords();
  return (
    <Notice tone={sameDisk ? 'amber' : 'plain'} title={t(sameDisk ? 'addingCopy.fitsAsTrial' : 'addingCopy.fits')}>
      {isEmpty ? t('addingCopy.fitsEmpty') : t('addingCopy.fitsCopy', { count: practices })}{' '}
      {freeBytes === null ? '' : t('addingCopy.room', { free: size(freeBytes) })}{' '}
      {sameDisk ? t('addingCopy.sameDisk') : ''}
    </Notice>
  );
}

function invalid(field: string): CodedError {
  return new CodedError('COPY_REFUSED', 'A field holds no number', {
    fields: { reason: 'COPY_PLACE_INVALID', field },
  });
}
