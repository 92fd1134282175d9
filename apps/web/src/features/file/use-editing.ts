import { useEffect, useState } from 'react';
import { useEngine } from '../../session/use-session.ts';
import { type Attempt, useAttempt } from '../../ui/use-attempt.ts';
import type { ConsultationDraft } from '../consultation/consultation-draft.ts';
import { type Editing, editingKey, editingOfKey } from './note-draft.ts';

export interface OpenEditors {
  readonly editing: readonly Editing[];
  readonly edit: (next: Editing) => void;
  readonly close: (editor: Editing) => void;
  /** Closes an editor whose draft is gone: `draft` is what it said, null when that was nothing. */
  readonly discard: (editor: Editing, draft: ConsultationDraft | null) => void;
  /** Brings back what was discarded last; null while there is nothing, or its place is taken by what is typed since. */
  readonly bringBack: (() => Promise<void>) | null;
  readonly attempt: Attempt;
  /** Why it is not known what was being written in this file; null otherwise. */
  readonly error: unknown;
}

/** The notes being written in one file: those that a closed tab or a lock left are open again. */
export function useEditing(patient: string): OpenEditors {
  const engine = useEngine();
  const [editing, setEditing] = useState<readonly Editing[]>([]);
  const [discarded, setDiscarded] = useState<{ editing: Editing; draft: ConsultationDraft } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const attempt = useAttempt();
  useEffect(() => {
    let isCurrent = true;
    engine.drafts().then(
      (drafts) => {
        const left = drafts.flatMap(({ key }) => editingOfKey(patient, key) ?? []);
        // What somebody began before the answer came stays first.
        if (isCurrent) setEditing((open) => left.reduce((known, one) => withEditor(patient, known, one, 'last'), open));
      },
      (caught: unknown) => {
        if (isCurrent) setError(caught);
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [engine, patient]);
  const edit = (next: Editing) => setEditing((open) => withEditor(patient, open, next, 'first'));
  const close = (editor: Editing) => setEditing((open) => open.filter((one) => one !== editor));
  const discard = (editor: Editing, draft: ConsultationDraft | null) => {
    close(editor);
    attempt.forget();
    // What was discarded before can be brought back still, after an editor in which nothing was typed.
    if (draft !== null) setDiscarded({ editing: editor, draft });
  };
  const isFree = discarded !== null && !isOpen(patient, editing, discarded.editing);
  const bringBack = () =>
    attempt.run(async () => {
      if (discarded === null) return;
      await engine.putDraft(editingKey(patient, discarded.editing), JSON.stringify(discarded.draft), null);
      setDiscarded(null);
      edit(discarded.editing);
    });
  return { editing, edit, close, discard, bringBack: isFree ? bringBack : null, attempt, error };
}

function isOpen(patient: string, open: readonly Editing[], editor: Editing): boolean {
  return open.some((one) => editingKey(patient, one) === editingKey(patient, editor));
}

/** One editor for each draft. */
export function withEditor(
  patient: string,
  open: readonly Editing[],
  editor: Editing,
  place: 'first' | 'last',
): readonly Editing[] {
  if (isOpen(patient, open, editor)) return open;
  return place === 'first' ? [editor, ...open] : [...open, editor];
}
