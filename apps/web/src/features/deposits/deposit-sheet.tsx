import { Textarea } from '@mantine/core';
import { type DragEvent, type FormEvent, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useDraft } from '../../session/use-draft.ts';
import { useSession } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { FormEnd } from '../../ui/form-end.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import './deposits.css';

interface DepositSheetProps {
  /** `Patient/…` and its name; null when it is not known whose it is. */
  readonly patient: { readonly id: string; readonly name: string } | null;
  readonly onClose: () => void;
}

const accepted = ['application/pdf', 'image/jpeg', 'image/png'];
const maxBytes = 200 * 1024 * 1024;

type FileProblem = 'fileType' | 'fileLarge' | 'fileEmpty';

/** A desk lets in a message, a document, or both: it is read again for a day, and then by who files it alone. */
export function DepositSheet({ patient, onClose }: DepositSheetProps) {
  const { t } = useTranslation();
  const session = useSession();
  const draft = useDraft(`deposit/${patient?.id ?? ''}`, { text: '' });
  const [file, setFile] = useState<File | null>(null);
  const [isTried, setTried] = useState(false);
  const { isBusy, error, run } = useAttempt();
  const { text } = draft.value;
  const problem = file === null ? null : problemOf(file);
  const isEmpty = text.trim() === '' && file === null;
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isEmpty || problem !== null) return;
    await run(async () => {
      const { id } = await session.engine.desks.deposits.add({ patient: patient?.id ?? null, text: text.trim(), file });
      session.saved({ id, what: t('deposits.saved'), patient: patient?.name ?? t('deposits.noPatient') });
      await draft.drop();
      onClose();
    });
  };
  return (
    <Sheet title={t('deposits.sheetTitle')} isBusy={isBusy} onClose={onClose}>
      <form className="deposit-sheet" onSubmit={(event) => void send(event)}>
        <p>
          {patient === null ? t('deposits.sheetNobody') : t('deposits.sheetFor', { name: patient.name })}{' '}
          <span className="muted">{t('deposits.rule')}</span>
        </p>
        <Textarea
          label={t('deposits.message')}
          autosize
          minRows={3}
          maxRows={10}
          maxLength={20_000}
          value={text}
          disabled={!draft.isLoaded}
          onChange={(event) => draft.set({ text: event.currentTarget.value })}
        />
        <FileField file={file} problem={problem} onChoose={setFile} />
        {isTried && isEmpty ? (
          <p className="red" role="alert">
            {t('deposits.nothing')}
          </p>
        ) : null}
        <FormEnd error={error} draft={draft} isBusy={isBusy} submit={t('deposits.send')} onCancel={onClose} />
      </form>
    </Sheet>
  );
}

interface FileFieldProps {
  readonly file: File | null;
  readonly problem: FileProblem | null;
  readonly onChoose: (file: File | null) => void;
}

/** A document, dropped or chosen. */
function FileField({ file, problem, onChoose }: FileFieldProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const drop = (event: DragEvent) => {
    event.preventDefault();
    onChoose(event.dataTransfer.files[0] ?? file);
  };
  return (
    <div className="deposit-file">
      <label onDragOver={(event) => event.preventDefault()} onDrop={drop}>
        <b>{t('deposits.file')}</b>
        <input
          type="file"
          className="deposit-input"
          accept={accepted.join(',')}
          aria-invalid={problem !== null}
          onChange={(event) => onChoose(event.currentTarget.files?.[0] ?? null)}
        />
        <span className="text-button">{t(file === null ? 'deposits.chooseFile' : 'deposits.chooseOther')}</span>
        <span className="muted">
          {t('deposits.fileHint')} <span className="by-pointer">{t('deposits.fileDrop')}</span>
        </span>
      </label>
      {file === null ? null : (
        <p className="row-text">
          {file.name} <span className="muted">{t('deposits.size', { size: format.size(file.size) })}</span>
        </p>
      )}
      {problem === null ? null : (
        <p className="red" role="alert">
          {t(`deposits.${problem}`)}
        </p>
      )}
    </div>
  );
}

function problemOf({ type, size }: File): FileProblem | null {
  if (!accepted.includes(type)) return 'fileType';
  if (size === 0) return 'fileEmpty';
  return size > maxBytes ? 'fileLarge' : null;
}
