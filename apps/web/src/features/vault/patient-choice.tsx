import type { PatientRow } from '@serment/replica/directory';
import { type ReactNode, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { useBirthText, useNameOrNone } from '../patients/person.tsx';

const shownChoices = 6;

interface PatientChoiceProps {
  readonly chosen: string | null;
  /** The way to what is done with a patient, around who it is. */
  readonly children: (row: PatientRow, words: ReactNode, onChosen: () => void) => ReactNode;
}

/** A patient to choose: found by name, or among the last ones that were open. */
export function PatientChoice({ chosen, children }: PatientChoiceProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const name = useNameOrNone();
  const birth = useBirthText();
  const [query, setQuery] = useState('');
  const { value } = useAsked(`choice ${query}`, async () => {
    if (query.trim() !== '') return engine.search(query, shownChoices);
    const recent = await engine.recent(shownChoices);
    return recent.length > 0 ? recent : engine.patients(0, shownChoices);
  });
  const rows = chosen !== null && query.trim() === '' ? [] : (value ?? []);
  return (
    <div className="host-choice">
      <div className="host-filter">
        <input
          type="search"
          aria-label={t('host.choose')}
          placeholder={t('host.choose')}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
        />
      </div>
      <ul>
        {rows.map((row) => (
          <li key={row.id}>
            {children(
              row,
              <>
                <b>{name(row)}</b>
                <span className="muted">{birth(row)}</span>
              </>,
              () => setQuery(''),
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
