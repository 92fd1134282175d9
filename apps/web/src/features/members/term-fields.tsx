import { TextInput } from '@mantine/core';
import { useTranslation } from '../../i18n/use-translation.ts';
import type { TermForm, TermProblems } from './term-form.ts';

interface TermFieldsProps {
  readonly form: TermForm;
  readonly onChange: (form: TermForm) => void;
  readonly problems: TermProblems;
}

/** The first and the last day of an access, neither of which must be given. */
export function TermFields({ form, onChange, problems }: TermFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <div className="pair">
        {(['from', 'until'] as const).map((name) => (
          <TextInput
            key={name}
            label={t(`members.term.${name}`)}
            description={t('members.term.hint')}
            value={form[name]}
            onChange={(event) => onChange({ ...form, [name]: event.currentTarget.value })}
            error={problems[name] === undefined ? null : t(`members.term.${problems[name]}`)}
            inputMode="numeric"
            autoComplete="off"
            maxLength={20}
          />
        ))}
      </div>
      <p className="muted row-text">{t('members.term.note')}</p>
    </>
  );
}
