import { Button, TextInput } from '@mantine/core';
import { CodedError } from '@serment/core/error';
import { maxWitnesses } from '@serment/core/journal/rules';
import type { PracticeStatus } from '@serment/replica/practice-status';
import { type FormEvent, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { isWitnessLate } from '../../shield/shield.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { FormEnd } from '../../ui/form-end.tsx';
import { useNow } from '../../ui/now.ts';
import { useAttempt } from '../../ui/use-attempt.ts';

type Witness = PracticeStatus['witnesses'][number];

/** Who keeps the journal's fingerprint apart from the host, and when each last saw it. */
export function Witnesses({ status }: { readonly status: PracticeStatus }) {
  const { t } = useTranslation();
  const [isNaming, setNaming] = useState(false);
  const [leaving, setLeaving] = useState<Witness | null>(null);
  const { witnesses } = status;
  const isDoctor = status.role === 'doctor';
  const isFull = witnesses.length >= maxWitnesses;
  return (
    <section className="wide-row witnesses" aria-label={t('witnesses.title')}>
      <h2>{t('witnesses.title')}</h2>
      <p className="row-text muted">{t('witnesses.lead')}</p>
      {witnesses.length === 0 ? <p className="vault-row muted">{t('witnesses.none')}</p> : null}
      {witnesses.map((witness) => (
        <div className="vault-row" key={witness.key}>
          <span>
            <b className="witness-name">{witness.name}</b> <Seen witness={witness} />
          </span>
          {isDoctor ? (
            <button
              type="button"
              className="text-button"
              aria-label={t('witnesses.removeOf', { name: witness.name })}
              onClick={() => setLeaving(witness)}
            >
              {t('witnesses.remove')}
            </button>
          ) : null}
        </div>
      ))}
      {isDoctor ? (
        <div className="vault-row">
          <Button variant="default" disabled={!status.online || isFull} onClick={() => setNaming(true)}>
            {t('witnesses.add')}
          </Button>
          {isFull ? <span className="muted">{t('witnesses.full')}</span> : null}
        </div>
      ) : (
        <p className="vault-row muted">{t('witnesses.doctorsOnly')}</p>
      )}
      {isNaming ? <Naming practice={status.practice} onClose={() => setNaming(false)} /> : null}
      {leaving === null ? null : <Leaving witness={leaving} onClose={() => setLeaving(null)} />}
    </section>
  );
}

function Seen({ witness }: { readonly witness: Witness }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(15_000);
  const { seenAt, since, isWrong } = witness;
  if (isWrong) return <span className="amber">· {t('witnesses.wrong')}</span>;
  const isLate = isWitnessLate(witness, now);
  const tone = isLate ? 'amber' : 'muted';
  if (seenAt === null)
    return (
      <span className={tone}>
        · {t('witnesses.never')}, {t('witnesses.named', { when: format.ago(since, now) })}
      </span>
    );
  if (isLate) return <span className={tone}>· {t('witnesses.late', { when: format.moment(seenAt) })}</span>;
  return <span className={tone}>· {t('witnesses.seen', { when: format.ago(seenAt, now) })}</span>;
}

function Naming({ practice, onClose }: { readonly practice: string; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const [line, setLine] = useState('');
  const { isBusy, error, run, forget } = useAttempt();
  const isInvalid = error instanceof CodedError && error.code === 'WITNESS_KEY_INVALID';
  const name = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      await engine.desks.vault.nameWitness(line);
      onClose();
    });
  };
  return (
    <Sheet title={t('witnesses.add')} isBusy={isBusy} onClose={onClose}>
      <form onSubmit={name}>
        <p className="muted">{t('witnesses.practice')}</p>
        <p>
          <code className="witness-name">{practice}</code>
        </p>
        <TextInput
          label={t('witnesses.line')}
          description={t('witnesses.lineHint')}
          value={line}
          onChange={(event) => {
            forget();
            setLine(event.currentTarget.value);
          }}
          error={isInvalid ? t('witnesses.invalid') : null}
          autoComplete="off"
          spellCheck={false}
          maxLength={400}
        />
        <FormEnd
          error={isInvalid ? null : error}
          isBusy={isBusy}
          isReady={line.trim() !== ''}
          submit={t('witnesses.add')}
          onCancel={onClose}
        />
      </form>
    </Sheet>
  );
}

function Leaving({ witness, onClose }: { readonly witness: Witness; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { isBusy, error, run } = useAttempt();
  const drop = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      await engine.desks.vault.dropWitness(witness.key);
      onClose();
    });
  };
  return (
    <Sheet title={witness.name} isBusy={isBusy} onClose={onClose}>
      <form onSubmit={drop}>
        <p>{t('witnesses.removeSure')}</p>
        <FormEnd error={error} isBusy={isBusy} submit={t('witnesses.remove')} onCancel={onClose} />
      </form>
    </Sheet>
  );
}
