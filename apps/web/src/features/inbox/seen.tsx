import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useDraft } from '../../session/use-draft.ts';
import { useSession } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import type { WaitingRow } from '../../worker/inbox-desk.ts';
import { personName, safeName } from '../patients/person.tsx';
import { keyLabels, useKeys } from '../shell/keys.ts';
import { useInboxRights } from './use-inbox.ts';

interface SeenProps {
  readonly item: WaitingRow;
  readonly onDone: () => void;
}

/** A doctor read it, with one key; and the patient is to be told, or not. */
export function Seen({ item, onDone }: SeenProps) {
  const { t } = useTranslation();
  const session = useSession();
  const { mayRead } = useInboxRights();
  const { isBusy, error, run } = useAttempt();
  const [isTelling, setTelling] = useState(false);
  const mark = (tell: string | null, forget?: () => Promise<void>) =>
    run(async () => {
      const { id } = await session.engine.desks.inbox.markRead(item, tell);
      await forget?.();
      session.saved({ id, what: t('inbox.seenSave'), patient: nameOf(item) });
      onDone();
    });
  useKeys(mayRead && !isBusy && !isTelling ? { seen: () => void mark(null) } : {});
  if (!mayRead) return <p className="muted">{t('inbox.onlyDoctor')}</p>;
  return (
    <div className="inbox-seen">
      <Failure error={error} />
      {isTelling ? (
        <Telling item={item} isBusy={isBusy} onTell={mark} onCancel={() => setTelling(false)} />
      ) : (
        <div className="code-actions">
          <Button loading={isBusy} onClick={() => void mark(null)}>
            {t('inbox.seen')} <kbd>{keyLabels.seen}</kbd>
          </Button>
          <Button variant="default" disabled={isBusy} onClick={() => setTelling(true)}>
            {t('inbox.seenTell')}
          </Button>
        </div>
      )}
    </div>
  );
}

interface TellingProps {
  readonly item: WaitingRow;
  readonly isBusy: boolean;
  /** Says what to tell; what was typed is forgotten once it is kept. */
  readonly onTell: (words: string, forget: () => Promise<void>) => Promise<void>;
  readonly onCancel: () => void;
}

function Telling({ item, isBusy, onTell, onCancel }: TellingProps) {
  const { t } = useTranslation();
  const draft = useDraft(`tell/${item.patient?.id ?? ''}/${item.id}`, { text: '' });
  return (
    <form
      className="inbox-telling"
      onSubmit={(event) => {
        event.preventDefault();
        void onTell(draft.value.text, draft.drop);
      }}
    >
      <Textarea
        label={t('inbox.tellWhat')}
        description={t('inbox.tellHint')}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={2_000}
        value={draft.value.text}
        disabled={!draft.isLoaded}
        onChange={(event) => draft.set({ text: event.currentTarget.value })}
      />
      <div className="code-actions">
        <Button type="submit" loading={isBusy}>
          {t('inbox.seenAndTell')}
        </Button>
        <Button variant="quiet" disabled={isBusy} onClick={onCancel}>
          {t('app.cancel')}
        </Button>
      </div>
    </form>
  );
}

/** The patient is to be told: by whom reads medical files, and has them at hand. */
export function ToTell({ item, onDone }: SeenProps) {
  const { t } = useTranslation();
  const session = useSession();
  const { isBusy, error, run } = useAttempt();
  const mark = () =>
    run(async () => {
      const { id } = await session.engine.desks.inbox.markTold(item);
      session.saved({ id, what: t('inbox.toldSave'), patient: nameOf(item) });
      onDone();
    });
  return (
    <div className="inbox-seen">
      <p>{item.note === '' ? t('inbox.toTellNothing') : t('inbox.toTell', { note: safeName(item.note) })}</p>
      <Failure error={error} />
      <Button loading={isBusy} onClick={() => void mark()}>
        {t('inbox.told')}
      </Button>
    </div>
  );
}

function nameOf({ patient }: WaitingRow): string {
  return patient === null ? '' : safeName(personName(patient));
}
