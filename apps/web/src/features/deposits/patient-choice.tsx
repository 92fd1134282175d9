import { TextInput } from '@mantine/core';
import type { PatientRow } from '@serment/replica/directory';
import { useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { useBirthText, useNameOrNone } from '../patients/person.tsx';

const shownPatients = 6;

interface PatientChoiceProps {
  readonly onChoose: (patient: PatientRow) => void;
  /** What is asked; a deposit's question when nothing is said. */
  readonly label?: string;
}

/** One patient among all, found as one types. */
export function PatientChoice({ onChoose, label }: PatientChoiceProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const nameOf = useNameOrNone();
  const birthOf = useBirthText();
  const [query, setQuery] = useState('');
  const { value } = useAsked(`choice ${query}`, () => engine.search(query, shownPatients));
  const isNobody = query.trim() !== '' && value?.length === 0;
  return (
    <div className="patient-choice">
      <TextInput
        label={label ?? t('deposits.choose')}
        placeholder={t('patients.filterPlaceholder')}
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
        spellCheck={false}
        autoComplete="off"
      />
      <p className="row-text" role="status">
        {isNobody ? t('patients.noMatch', { query }) : ''}
      </p>
      <ul>
        {(value ?? []).map((row) => (
          <li key={row.id}>
            <button type="button" className="text-button" onClick={() => onChoose(row)}>
              {nameOf(row)}
            </button>{' '}
            <span className="muted">{birthOf(row)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
