import { CodedError } from '@serment/core/error';
import type { TFunction } from 'i18next';
import { useEffect, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import type { DelayedAct } from '../../session/delayed.ts';
import { useDelayed } from '../../session/use-delayed.ts';
import type { Draft } from '../../session/use-draft.ts';
import { useSession } from '../../session/use-session.ts';
import { useAttempt } from '../../ui/use-attempt.ts';
import type { ConsultationInput, ConsultationStart } from '../../worker/consultation-desk.ts';
import { fieldLoinc, localDateTime, noteFields, noteTitle } from '../file/note-draft.ts';
import {
  type ConsultationDraft,
  isEmptyConsultation,
  measureItems,
  saidItems,
  unreadableMeasures,
} from './consultation-draft.ts';

interface SavingParts {
  readonly patient: string;
  readonly patientName: string;
  readonly start: ConsultationStart;
  readonly draftKey: string;
  readonly draft: Draft<ConsultationDraft>;
  readonly onClose: () => void;
}

export interface Saving {
  /** The signature that waits or runs; null for none. */
  readonly act: DelayedAct | null;
  readonly save: () => Promise<void>;
  /** Signs in a while. */
  readonly sign: () => void;
  readonly cancelSigning: () => void;
  readonly isBusy: boolean;
  /** Once it was asked for: what keeps it from being saved is said. */
  readonly isAsked: boolean;
  readonly error: unknown;
}

/** How a consultation leaves its draft: unsigned at once, or signed behind an undo. */
export function useSaving({ patient, patientName, start, draftKey, draft, onClose }: SavingParts): Saving {
  const { t } = useTranslation();
  const session = useSession();
  const { isBusy, error, run } = useAttempt();
  const [isAsked, setAsked] = useState(false);
  const act = useDelayed(draftKey);
  const { value } = draft;
  const isReady = !(isEmptyConsultation(value) || unreadableMeasures(value).length > 0);
  const isRunning = act?.state === 'waiting' || act?.state === 'running';
  // What was signed while this page looked on is no draft any more.
  const isDone = act?.state === 'done';
  useEffect(() => {
    if (!isDone) return;
    session.delayed.cancel(draftKey);
    onClose();
  }, [isDone, session, draftKey, onClose]);
  const write = async (sign: boolean) => {
    const input = consultationInput({ patient, draft: value, start, sign }, t);
    const saved = await session.engine.desks.consultations.save(input);
    const what = value.appends === null ? t('note.title') : t('note.addendum');
    session.saved({ id: saved.id, what, patient: patientName });
  };
  const save = async () => {
    if (isBusy || isRunning) return;
    setAsked(true);
    if (!isReady) return;
    session.delayed.cancel(draftKey);
    await run(async () => {
      await write(false);
      await draft.drop();
      onClose();
    });
  };
  const sign = () => {
    if (isBusy || isRunning) return;
    setAsked(true);
    if (!isReady) return;
    // The draft stays sealed until the signed note is kept.
    draft.set(value);
    session.delayed.add({ key: draftKey, patient, who: patientName }, async () => {
      const sealed = await session.engine.draft(draftKey);
      // Somebody went on typing elsewhere: nobody has read what would be signed.
      if (sealed?.text !== JSON.stringify(value))
        throw new CodedError('DRAFT_CHANGED', 'The draft is another than the one that was to be signed');
      await write(true);
      await draft.drop();
    });
  };
  const cancelSigning = () => session.delayed.cancel(draftKey);
  const failure = error ?? (act?.state === 'failed' ? act.error : null);
  return { act: isRunning ? act : null, save, sign, cancelSigning, isBusy, isAsked, error: failure };
}

/** What the worker makes records of. */
function consultationInput(
  { patient, draft, start, sign }: Pick<SavingParts, 'patient' | 'start'> & { draft: ConsultationDraft; sign: boolean },
  t: TFunction,
): ConsultationInput {
  const { note, encounter, replaces, begun, appends, date, place, texts } = draft;
  const diagnoses = saidItems(draft.diagnoses);
  const fields = appends === null ? noteFields : (['addendum'] as const);
  const sections = fields.flatMap((field) => {
    const text = texts[field]?.trim() ?? '';
    return text === '' ? [] : [{ title: t(`note.${field}`), loinc: fieldLoinc[field], text }];
  });
  const fallback = diagnoses[0]?.text ?? t('note.title');
  return {
    ...{ patient, note, encounter, replaces, begun, appends, date, place, sections, diagnoses, sign },
    title: noteTitle(draft, fallback),
    reason: texts.reason?.trim() ?? '',
    titles: { measures: t('file.measures'), diagnoses: t('coding.diagnosis'), acts: t('consultation.acts') },
    measures: appends === null ? measureItems(draft, start) : [],
    acts: saidItems(draft.acts),
    now: localDateTime(Date.now()),
  };
}
