import { Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import './kit.css';

const kitCharacters = 85;

interface KitInputProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A kit as it is typed from paper, or its file, chosen or pasted. */
export function KitInput({ value, onChange }: KitInputProps) {
  const { t } = useTranslation();
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
      <p className="kit-input-foot row-text muted">
        <span aria-live="polite">{count === 0 || count > kitCharacters ? '' : t('enrol.progress', { count })}</span>
        <label className="file-choice">
          {t('enrol.file')}
          <input
            className="hidden-text"
            type="file"
            accept="text/plain,.txt"
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              if (file !== undefined) void file.text().then(onChange);
            }}
          />
        </label>
      </p>
    </div>
  );
}
