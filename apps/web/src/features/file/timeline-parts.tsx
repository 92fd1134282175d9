import { Fragment } from 'react';
import type { Line } from '../../file-view/view.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { FoundWords } from './found-words.tsx';

/** A section's name stays on the line of its first word. */
export const noBreak = '\u00a0';

export function Measures({ measures }: { readonly measures: readonly Line[] }) {
  if (measures.length === 0) return null;
  return (
    <p className="measures">
      {measures.map(({ label, detail }) => (
        <span key={`${label} ${detail}`}>
          <FoundWords text={label} />{' '}
          <b>
            <FoundWords text={detail} />
          </b>
        </span>
      ))}
    </p>
  );
}

export function Treatments({ treatments }: { readonly treatments: readonly Line[] }) {
  const { t } = useTranslation();
  if (treatments.length === 0) return null;
  return (
    <p>
      <span className="inline-label">{t('file.prescription')}</span>
      {noBreak}
      {treatments.map(({ label, detail }, place) => (
        <Fragment key={`${label} ${detail}`}>
          {place === 0 ? '' : ', '}
          <FoundWords text={label} />
          {detail === '' ? (
            ''
          ) : (
            <span className="muted">
              {' '}
              <FoundWords text={detail} />
            </span>
          )}
        </Fragment>
      ))}
    </p>
  );
}
