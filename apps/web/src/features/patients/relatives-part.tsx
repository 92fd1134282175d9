import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { type Asked, useEngine } from '../../session/use-session.ts';
import type { RelativeView } from '../../worker/relatives-desk.ts';
import { useOfPatient } from '../measures/use-measures.ts';
import { useNameOrNone } from './person.tsx';

export function useRelatives(patient: string): Asked<readonly RelativeView[]> {
  const engine = useEngine();
  return useOfPatient('relatives', patient, () => engine.desks.relatives.list(patient));
}

/** `mère`, `père` or `parent`, by the sex of who that is. */
export function useRelationText(): (relative: RelativeView) => string {
  const { t } = useTranslation();
  return ({ relation, row }) => {
    const sex = row?.sex === 'female' || row?.sex === 'male' ? row.sex : 'other';
    return t(`relatives.relation.${relation}.${sex}`);
  };
}

/** The way to a relative's file, by their name. */
export function RelativeLink({ relative }: { readonly relative: RelativeView }) {
  const { t } = useTranslation();
  const nameOf = useNameOrNone();
  const { row } = relative;
  if (row === null) return <span className="faint">{t('relatives.unknown')}</span>;
  return (
    <Link to="/patients/$id" params={{ id: row.id.slice('Patient/'.length) }}>
      {nameOf(row)}
    </Link>
  );
}

interface RelativesPartProps {
  readonly patient: string;
  readonly part: (title: string, children: ReactNode) => ReactNode;
}

/** The relatives who are patients here, in the margin of a file; nothing where there are none. */
export function RelativesPart({ patient, part }: RelativesPartProps) {
  const { t } = useTranslation();
  const relationOf = useRelationText();
  const { value } = useRelatives(patient);
  if (value === null || value.length === 0) return null;
  return part(
    t('relatives.title'),
    <ul>
      {value.map((relative) => (
        <li key={`${relative.recordId} ${relative.relation}`}>
          <RelativeLink relative={relative} />
          <span className="muted">{relationOf(relative)}</span>
        </li>
      ))}
    </ul>,
  );
}
