import { memo, useId } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';

interface ItemLinesProps {
  readonly name: string;
  readonly label: string;
  readonly texts: readonly string[];
  /** Words that are said often. */
  readonly proposals: readonly string[];
  readonly isFixed: boolean;
  readonly onChange: (place: number, text: string) => void;
}

/** Lines of words, with an empty one behind: what is typed there is one more. */
function ItemLinesOnce({ name, label, texts, proposals, isFixed, onChange }: ItemLinesProps) {
  const { t } = useTranslation();
  const id = useId();
  const lines = isFixed ? texts : [...texts, ''];
  return (
    <div className="note-field">
      <label htmlFor={`${id}-0`}>{label}</label>
      <div className="item-lines">
        <datalist id={`${id}-list`}>
          {proposals.map((proposal) => (
            <option key={proposal} value={proposal} />
          ))}
        </datalist>
        {lines.map((text, place) => (
          <input
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are their places; none moves while one types.
            key={place}
            id={`${id}-${place}`}
            data-field={`${name}-${place}`}
            list={`${id}-list`}
            autoComplete="off"
            value={text}
            readOnly={isFixed}
            {...(place === 0 ? {} : { 'aria-label': t('consultation.another', { what: label }) })}
            onChange={(event) => onChange(place, event.currentTarget.value)}
          />
        ))}
      </div>
    </div>
  );
}

export const ItemLines = memo(ItemLinesOnce);
