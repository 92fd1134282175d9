import { Button } from '@mantine/core';
import type { MeasureKind } from '@serment/records/measures/measure-types';
import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from 'react';
import { takenDraft } from '../../file-view/draft-key.ts';
import type { NoteView } from '../../file-view/view.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { type Draft, useDraft } from '../../session/use-draft.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { DraftState } from '../../ui/draft-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useFirstFocus } from '../../ui/use-first-focus.ts';
import type { ConsultationStart, DiagnosisItem } from '../../worker/consultation-desk.ts';
import { type Editing, editingKey, type NoteField, noteFields } from '../file/note-draft.ts';
import { keyAction } from '../shell/keys.ts';
import {
  type ConsultationDraft,
  firstConsultation,
  isEmptyConsultation,
  soundDraft,
  unreadableMeasures,
} from './consultation-draft.ts';
import { DiagnosisLines } from './diagnosis-lines.tsx';
import { Apart, SigningWait } from './editor-parts.tsx';
import { ItemLines } from './item-lines.tsx';
import { MeasureLine, useMeasureWords } from './measure-line.tsx';
import { PlaceChoice } from './place-choice.tsx';
import { BeginPrivateNote } from './private-notes.tsx';
import { Templates } from './templates.tsx';
import { TextField } from './text-field.tsx';
import { useParking } from './use-parking.ts';
import { useSaving } from './use-saving.ts';
import './consultation.css';

export interface ConsultationEditorProps {
  readonly patient: string;
  readonly patientName: string;
  readonly editing: Editing;
  /** The note that is changed or completed; null while it is not there. */
  readonly note: NoteView | null;
  readonly onClose: () => void;
  /** Called with what was written, which can be brought back; null when that was nothing. */
  readonly onDiscard: (draft: ConsultationDraft | null) => void;
}

/** A consultation as it is written, once it is known what it begins on. */
export function ConsultationEditor(props: ConsultationEditorProps) {
  const { t } = useTranslation();
  const { patient, editing } = props;
  const engine = useEngine();
  const recordId = editing.kind === 'edit' ? editing.recordId : null;
  const { value: start, error } = useAsked(`begin ${patient} ${recordId}`, () =>
    engine.desks.consultations.begin(patient, recordId),
  );
  if (start !== null) return <Editor {...props} start={start} />;
  if (error !== null) return <Failure error={error} />;
  return (
    <p className="edit-opening muted" role="status">
      {t('consultation.opening')}
    </p>
  );
}

/** Sealed from the first keystroke, saved when one says so, never lost in between. */
function Editor(props: ConsultationEditorProps & { readonly start: ConsultationStart }) {
  const { patient, patientName, editing, note, start, onClose, onDiscard } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const draftKey = editingKey(patient, editing);
  const [first] = useState(() => firstConsultation(editing, { note, start }, Date.now()));
  const draft = useSoundDraft(draftKey, first);
  const form = useRef<HTMLElement>(null);
  const { value, isLoaded } = draft;
  const isAddendum = value.appends !== null;
  const parking = useParking({ draftKey, draft, form });
  const saving = useSaving({ patient, patientName, start, draft, draftKey, onClose });
  const isFixed = saving.act !== null;
  const words = useMeasureWords();
  useFirstFocus(form, isLoaded, 'textarea');
  const keys = (event: KeyboardEvent) => {
    const action = keyAction(event.nativeEvent);
    if (action === 'save') void saving.save();
    else if (action === 'sign' && start.maySign) saving.sign();
    else return;
    event.preventDefault();
  };
  const giving = useAttempt();
  const discard = () =>
    giving.run(async () => {
      await draft.drop();
      onDiscard(isEmptyConsultation(value) ? null : value);
    });
  const title = isAddendum
    ? t('note.addendumTitle')
    : editing.kind === 'edit'
      ? t('note.editTitle', { date: format.fhirDay(value.date) })
      : t('note.title');
  const { apart } = editing;
  const begunAt = takenDraft(apart)?.updatedAt ?? Number(apart);
  // Two notes of one file are told apart without seeing them.
  const label = apart === undefined ? title : t('note.beside', { title, when: format.moment(begunAt) });
  if (!isLoaded) return null;
  const unreadable = saving.isAsked ? unreadableMeasures(value) : [];
  return (
    <section className="edit" ref={form} aria-label={label} onKeyDown={keys} onBlur={parking.onBlur}>
      <span className="edit-when">{value.date.slice(11, 16)}</span>
      <div className="edit-head">
        <h2 className="edit-title">{title}</h2>
        {isAddendum ? null : <PlaceChoice draft={draft} isFixed={isFixed} />}
        {isAddendum ? null : (
          <div className="edit-ways">
            <BeginPrivateNote encounter={value.encounter} />
            {isFixed ? null : <Templates draft={draft} />}
          </div>
        )}
      </div>
      <Fields draft={draft} start={start} isFixed={isFixed} />
      <Apart apart={apart} />
      {editing.kind === 'edit' && isStale(note, value) ? (
        <Notice tone="amber" title={t('note.staleTitle')}>
          {t('note.stale')}
        </Notice>
      ) : null}
      <Failure error={saving.error ?? giving.error} />
      {saving.isAsked && isEmptyConsultation(value) ? <Notice tone="plain">{t('note.empty')}</Notice> : null}
      {unreadable.length === 0 ? null : (
        <Notice tone="amber">{t('consultation.notSaved', { measures: unreadable.map(words).join(', ') })}</Notice>
      )}
      <div className="edit-foot">
        {saving.act !== null ? (
          <SigningWait
            act={saving.act}
            onCancel={() => {
              saving.cancelSigning();
              form.current?.querySelector('textarea')?.focus();
            }}
          />
        ) : (
          <>
            {start.maySign ? (
              <Button onClick={saving.sign} disabled={saving.isBusy}>
                {t('consultation.sign')}
              </Button>
            ) : null}
            <Button
              variant={start.maySign ? 'default' : 'filled'}
              onClick={() => void saving.save()}
              loading={saving.isBusy}
            >
              {t('note.save')}
            </Button>
            <Button variant="quiet" disabled={saving.isBusy} onClick={() => void discard()}>
              {t('note.discard')}
            </Button>
          </>
        )}
        <DraftState draft={draft} />
      </div>
    </section>
  );
}

interface FieldsProps {
  readonly draft: SoundDraft;
  readonly start: ConsultationStart;
  readonly isFixed: boolean;
}

const before = ['reason', 'story', 'exam'] as const satisfies readonly NoteField[];

function Fields({ draft, start, isFixed }: FieldsProps) {
  const { t } = useTranslation();
  const { value, change } = draft;
  const setText = useCallback(
    (field: NoteField | 'addendum', text: string) => change(({ texts }) => ({ texts: { ...texts, [field]: text } })),
    [change],
  );
  const setMeasure = useCallback(
    (kind: MeasureKind, text: string) => change(({ measures }) => ({ measures: { ...measures, [kind]: text } })),
    [change],
  );
  const setDiagnosis = useCallback(
    (place: number, diagnosis: Pick<DiagnosisItem, 'text' | 'code'>) =>
      change(({ diagnoses }) => ({ diagnoses: withItem(diagnoses, place, { recordId: null, ...diagnosis }) })),
    [change],
  );
  const setAct = useCallback(
    (place: number, text: string) => change(({ acts }) => ({ acts: withItem(acts, place, { recordId: null, text }) })),
    [change],
  );
  const actTexts = useMemo(() => value.acts.map(({ text }) => text), [value.acts]);
  const proposals = useMemo(() => t('consultation.commonActs').split(/\s;\s/), [t]);
  const field = (name: NoteField | 'addendum') => (
    <TextField
      key={name}
      name={name}
      label={t(`note.${name}`)}
      text={value.texts[name] ?? ''}
      isFixed={isFixed}
      onChange={setText}
    />
  );
  if (value.appends !== null) return field('addendum');
  return (
    <>
      {before.map(field)}
      <MeasureLine measures={value.measures} date={value.date} start={start} isFixed={isFixed} onChange={setMeasure} />
      <DiagnosisLines diagnoses={value.diagnoses} isFixed={isFixed} onChange={setDiagnosis} />
      {noteFields.filter((name) => !before.some((one) => one === name)).map(field)}
      <ItemLines
        name="act"
        label={t('consultation.acts')}
        texts={actTexts}
        proposals={proposals}
        isFixed={isFixed}
        onChange={setAct}
      />
    </>
  );
}

/** An item that was there keeps its record, whatever it says now. */
function withItem<Item extends { readonly recordId: string | null }>(
  items: readonly Item[],
  place: number,
  item: Item,
): readonly Item[] {
  const known = items[place];
  if (known === undefined) return [...items, item];
  return items.with(place, { ...item, recordId: known.recordId });
}

function isStale(note: NoteView | null, { replaces }: ConsultationDraft): boolean {
  return note?.versions.some((version) => !replaces.includes(version)) ?? false;
}

/** A draft that is changed from what it says at that moment, by functions that stay the same. */
export interface SoundDraft extends Draft<ConsultationDraft> {
  readonly change: (how: (known: ConsultationDraft) => Partial<ConsultationDraft>) => void;
}

function useSoundDraft(key: string, first: ConsultationDraft): SoundDraft {
  const draft = useDraft<ConsultationDraft>(key, first);
  const value = useMemo(() => soundDraft(draft.value, first), [draft.value, first]);
  const latest = useRef(value);
  latest.current = value;
  const { set } = draft;
  const change = useCallback<SoundDraft['change']>(
    (how) => {
      const next = { ...latest.current, ...how(latest.current) };
      latest.current = next;
      set(next);
    },
    [set],
  );
  return { ...draft, value, change };
}
