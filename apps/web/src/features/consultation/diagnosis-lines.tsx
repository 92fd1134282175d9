import { memo } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import type { DiagnosisItem } from '../../worker/consultation-desk.ts';
import { DiagnosisField } from '../coding/diagnosis-field.tsx';

interface DiagnosisLinesProps {
  readonly diagnoses: readonly DiagnosisItem[];
  readonly isFixed: boolean;
  readonly onChange: (place: number, diagnosis: Pick<DiagnosisItem, 'text' | 'code'>) => void;
}

/** What was found, line by line, with an empty line behind. */
function DiagnosisLinesOnce({ diagnoses, isFixed, onChange }: DiagnosisLinesProps) {
  const { t } = useTranslation();
  const label = t('coding.diagnosis');
  const lines = isFixed ? diagnoses : [...diagnoses, { text: '', code: null }];
  return (
    <div className="note-field">
      <span className="field-name" aria-hidden="true">
        {label}
      </span>
      <div className="item-lines">
        {lines.map((line, place) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are their places; none moves while one types.
            key={place}
            data-field={`diagnosis-${place}`}
          >
            <DiagnosisField
              label={place === 0 ? label : t('consultation.another', { what: label })}
              value={{ text: line.text, code: line.code }}
              isDisabled={isFixed}
              onChange={(diagnosis) => onChange(place, diagnosis)}
            />
          </div>
        ))}
      </div>
    </div>
  );
}

export const DiagnosisLines = memo(DiagnosisLinesOnce);
