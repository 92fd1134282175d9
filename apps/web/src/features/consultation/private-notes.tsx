import { Button } from '@mantine/core';
import { createContext, type ReactNode, useContext, useEffect, useId, useRef, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useDraft } from '../../session/use-draft.ts';
import { type Asked, useEngine, useSession } from '../../session/use-session.ts';
import { DraftState } from '../../ui/draft-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useFirstFocus } from '../../ui/use-first-focus.ts';
import type { PrivateNoteView } from '../../worker/private-note-desk.ts';
import { localDateTime } from '../file/note-draft.ts';
import { useOfPatient } from '../measures/use-measures.ts';
import { keyAction, useKeys } from '../shell/keys.ts';
import { SaveStateMark } from '../shell/save-state.tsx';
import './private-notes.css';

interface PrivateNotes {
  readonly patient: string;
  readonly patientName: string;
  readonly asked: Asked<readonly PrivateNoteView[]>;
  /** Keys of the drafts that are being written. */
  readonly open: readonly string[];
  /** Beside a meeting, `Encounter/…`, or '' for none; or one that is there, `Composition/…`. */
  readonly begin: (about: string) => void;
  readonly close: (key: string) => void;
}

const Notes = createContext<PrivateNotes | null>(null);

interface ProviderProps {
  readonly patient: string;
  readonly patientName: string;
  readonly children: ReactNode;
}

/** What this member alone reads of one patient: asked for beside the file, which does not wait for it. */
export function PrivateNotesOf({ patient, patientName, children }: ProviderProps) {
  const engine = useEngine();
  const asked = useOfPatient('private', patient, () => engine.desks.privateNotes.list(patient));
  const [open, setOpen] = useState<readonly string[]>([]);
  const prefix = `private/${patient}`;
  useEffect(() => {
    let isCurrent = true;
    void engine.drafts().then(
      (drafts) => {
        const left = drafts.flatMap(({ key }) => (key === prefix || key.startsWith(`${prefix}/`) ? [key] : []));
        if (isCurrent) setOpen((known) => [...new Set([...known, ...left])]);
      },
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [engine, prefix]);
  const begin = (about: string) => {
    const key = about === '' ? prefix : `${prefix}/${about}`;
    setOpen((known) => (known.includes(key) ? known : [key, ...known]));
  };
  const close = (key: string) => setOpen((known) => known.filter((one) => one !== key));
  useKeys({ privateNote: () => begin('') });
  return <Notes value={{ patient, patientName, asked, open, begin, close }}>{children}</Notes>;
}

/** Those that stand beside no meeting of the file, and what is being written. */
export function PrivateNotesAlone({ encounters }: { readonly encounters: ReadonlySet<string> }) {
  const { t } = useTranslation();
  const notes = useContext(Notes);
  if (notes === null) return null;
  const { asked, open } = notes;
  const alone = (asked.value ?? []).filter(({ encounter }) => !encounters.has(encounter));
  if (alone.length === 0 && open.length === 0 && asked.error === null) return null;
  return (
    <section className="private-notes" aria-label={t('privateNote.title')}>
      <Failure error={asked.error} />
      {open.map((key) => (
        <PrivateNoteEditor key={key} draftKey={key} notes={notes} />
      ))}
      {alone.map((note) => (
        <PrivateNote key={note.recordId} note={note} notes={notes} />
      ))}
    </section>
  );
}

/** Those of one meeting, and the way to write one. */
export function PrivateNotesBeside({ encounter }: { readonly encounter: string }) {
  const notes = useContext(Notes);
  if (notes === null || encounter === '') return null;
  const own = (notes.asked.value ?? []).filter((note) => note.encounter === encounter);
  return own.map((note) => <PrivateNote key={note.recordId} note={note} notes={notes} />);
}

/** Begins one beside a meeting, or beside none. */
export function BeginPrivateNote({ encounter }: { readonly encounter: string }) {
  const { t } = useTranslation();
  const notes = useContext(Notes);
  if (notes === null) return null;
  return (
    <button type="button" className="text-button" onClick={() => notes.begin(encounter)}>
      {t('privateNote.title')}
    </button>
  );
}

function PrivateNote({ note, notes }: { readonly note: PrivateNoteView; readonly notes: PrivateNotes }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (notes.open.some((key) => key.endsWith(`/${note.recordId}`))) return null;
  return (
    <div className="private-note" data-testid="private-note">
      <b>{t('privateNote.title')}</b> <span className="muted">{t('privateNote.who')}</span>
      <p>{note.text}</p>
      <div className="meta">
        <span>{format.fhirDay(note.date)}</span>
        <SaveStateMark state={note.state} savedAt={note.savedAt} />
        <button type="button" className="text-button" onClick={() => notes.begin(note.recordId)}>
          {t('file.edit')}
        </button>
      </div>
    </div>
  );
}

interface PrivateDraft {
  readonly text: string;
  readonly date: string;
  readonly replaces: readonly string[];
  /** The meeting that it stands beside; '' for none. */
  readonly encounter: string;
}

function PrivateNoteEditor({ draftKey, notes }: { readonly draftKey: string; readonly notes: PrivateNotes }) {
  const { t } = useTranslation();
  const session = useSession();
  const { patient, patientName, asked, close } = notes;
  const [about = ''] = draftKey.slice(`private/${patient}/`.length).split('~');
  const recordId = about.startsWith('Composition/') ? about : null;
  const known = (asked.value ?? []).find((note) => note.recordId === recordId);
  const id = useId();
  const form = useRef<HTMLDivElement>(null);
  const { isBusy, error, run } = useAttempt();
  const [first] = useState<PrivateDraft>(() => ({
    text: known?.text ?? '',
    date: known?.date ?? localDateTime(Date.now()),
    replaces: known?.versions ?? [],
    encounter: recordId === null ? about : (known?.encounter ?? ''),
  }));
  const draft = useDraft<PrivateDraft>(draftKey, first);
  const { value, isLoaded } = draft;
  useFirstFocus(form, isLoaded, 'textarea');
  const save = async () => {
    const text = value.text.trim();
    // Ctrl Entrée twice is one note.
    if (isBusy || text === '') return;
    await run(async () => {
      const { date, replaces, encounter } = value;
      const saved = await session.engine.desks.privateNotes.save({
        ...{ patient, recordId, replaces, text, date, encounter, title: t('privateNote.title') },
      });
      session.saved({ id: saved.id, what: t('privateNote.title'), patient: patientName });
      await draft.drop();
      close(draftKey);
      asked.again();
    });
  };
  const discard = () => run(async () => draft.drop().then(() => close(draftKey)));
  if (!isLoaded) return null;
  return (
    <div ref={form} className="private-note">
      <label htmlFor={id}>
        <b>{t('privateNote.title')}</b> <span className="muted">{t('privateNote.who')}</span>
      </label>
      <textarea
        id={id}
        rows={3}
        value={value.text}
        onChange={(event) => draft.set({ ...value, text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (keyAction(event.nativeEvent) !== 'save') return;
          event.preventDefault();
          void save();
        }}
      />
      <Failure error={error} />
      <div className="private-foot">
        <Button variant="default" loading={isBusy} disabled={value.text.trim() === ''} onClick={() => void save()}>
          {t('privateNote.save')}
        </Button>
        <Button variant="quiet" disabled={isBusy} onClick={() => void discard()}>
          {t('privateNote.discard')}
        </Button>
        <DraftState draft={draft} />
      </div>
    </div>
  );
}
