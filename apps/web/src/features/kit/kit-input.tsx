import { Textarea } from '@mantine/core';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useErrorText } from '../../ui/error-text.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { readKitPicture } from './kit-picture.ts';
import './kit.css';

const kitCharacters = 85;

interface KitInputProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A kit as it is typed from paper, a picture of its code, or its file, chosen or pasted. */
export function KitInput({ value, onChange }: KitInputProps) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const { isBusy, error, run } = useAttempt();
  const count = value.replace(/[^0-9A-Za-z]/g, '').length;
  return (
    <div className="kit-input">
      <Textarea
        label={t('enrol.label')}
        description={t('enrol.hint')}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        rows={4}
        spellCheck={false}
        autoCapitalize="characters"
        autoComplete="off"
      />
      <div className="kit-input-foot row-text muted">
        <span aria-live="polite">
          {isBusy ? t('enrol.reading') : count === 0 || count > kitCharacters ? '' : t('enrol.progress', { count })}
        </span>
        <span className="kit-acts">
          <FileChoice
            label={t('enrol.picture')}
            accept="image/*"
            isCamera
            onFile={(file) => void run(async () => onChange(await readKitPicture(file)))}
          />
          <FileChoice
            label={t('enrol.file')}
            accept="text/plain,.txt"
            onFile={(file) => void run(async () => onChange(await file.text()))}
          />
        </span>
      </div>
      {error === null ? null : <Notice tone="amber">{errorText(error)}</Notice>}
    </div>
  );
}

interface FileChoiceProps {
  readonly label: string;
  readonly accept: string;
  /** Where the device has one, its camera opens at once. */
  readonly isCamera?: boolean;
  readonly onFile: (file: File) => void;
}

function FileChoice({ label, accept, isCamera = false, onFile }: FileChoiceProps) {
  return (
    <label className="file-choice">
      {label}
      <input
        className="hidden-text"
        type="file"
        accept={accept}
        {...(isCamera ? { capture: 'environment' } : {})}
        onChange={(event) => {
          const input = event.currentTarget;
          const file = input.files?.[0];
          if (file !== undefined) onFile(file);
          // The same one may be taken again.
          input.value = '';
        }}
      />
    </label>
  );
}
