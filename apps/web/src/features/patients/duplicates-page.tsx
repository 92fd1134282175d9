import type { DuplicatePair } from '@serment/replica/directory';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { ComparePage } from './compare-page.tsx';
import { useBirthText, useNameOrNone } from './person.tsx';
import './duplicates.css';

const shownAtFirst = 50;

/** Records that may be one person's, the likeliest first; or two of them side by side. */
export function DuplicatesPage() {
  const { un, deux }: { un?: string; deux?: string } = useSearch({ strict: false });
  if (un !== undefined && deux !== undefined) return <ComparePage key={`${un} ${deux}`} left={un} right={deux} />;
  return <DuplicateList />;
}

function DuplicateList() {
  const { t } = useTranslation();
  const engine = useEngine();
  const { value, error, again } = useAsked('duplicates', () => engine.desks.patients.possibleDuplicates());
  const [shown, setShown] = useState(shownAtFirst);
  useTitle(t('duplicates.title'));
  return (
    <div className="page duplicates-page">
      <h1>{t('duplicates.title')}</h1>
      <p className="muted">{t('duplicates.lead')}</p>
      <Failure error={error} />
      <p className="row-text" role="status">
        {value === null
          ? error === null
            ? t('duplicates.searching')
            : ''
          : value.length === 0
            ? t('duplicates.none')
            : t('duplicates.count', { count: value.length })}{' '}
        {value === null ? null : (
          <button type="button" className="text-button" onClick={again}>
            {t('duplicates.again')}
          </button>
        )}
      </p>
      <ul className="pairs" hidden={value === null || value.length === 0}>
        {(value ?? []).slice(0, shown).map((pair) => (
          <Pair key={pair.rows.map(({ id }) => id).join(' ')} pair={pair} />
        ))}
      </ul>
      {value === null || value.length <= shown ? null : (
        <button type="button" className="text-button" onClick={() => setShown(shown + shownAtFirst)}>
          {t('duplicates.more')}
        </button>
      )}
    </div>
  );
}

function Pair({ pair: { rows, alike } }: { readonly pair: DuplicatePair }) {
  const { t } = useTranslation();
  const name = useNameOrNone();
  const birth = useBirthText();
  const [left, right] = rows;
  return (
    <li>
      <div>
        {rows.map((row) => (
          <p key={row.id}>
            <b>{name(row)}</b> <span className="muted">{birth(row)}</span>
          </p>
        ))}
        <p className="faint small">{alike.reasons.map((reason) => t(`duplicates.reason.${reason}`)).join(', ')}</p>
      </div>
      <Link to="/doublons" search={{ un: left.id, deux: right.id }}>
        {t('duplicates.compare')}
      </Link>
    </li>
  );
}
