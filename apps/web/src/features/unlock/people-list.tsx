import { useEffect, useRef } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Arrow } from '../../ui/marks.tsx';
import type { KnownPerson } from '../../worker/protocol.ts';

interface PeopleListProps {
  readonly people: readonly KnownPerson[];
  readonly onChoose: (device: string) => void;
}

/** Who works on this browser: a name, a role, a practice, and nothing else before it is unlocked. */
export function PeopleList({ people, onChoose }: PeopleListProps) {
  const { t } = useTranslation();
  const roleText = useRoleText();
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    first.current?.focus();
  }, []);
  return (
    <ul className="people">
      {people.map((person, place) => (
        <li key={person.device}>
          <button
            ref={place === 0 ? first : null}
            type="button"
            className="person"
            onClick={() => onChoose(person.device)}
          >
            <b>{person.name ?? roleText(person) ?? t('unlock.unnamed')}</b>
            <span>
              {[person.name === null ? null : roleText(person), person.practiceName].filter(Boolean).join(' · ')}
            </span>
            {person.isRevoked ? <span className="red">{t('unlock.revoked')}</span> : null}
            <Arrow />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** A person in one line, empty where nothing is known of it. */
export function usePersonText(): (person: KnownPerson) => string {
  const roleText = useRoleText();
  return (person) => [person.name, roleText(person)].filter(Boolean).join(' · ');
}

function useRoleText(): (person: KnownPerson) => string | null {
  const { t } = useTranslation();
  return ({ role }) => (role === null ? null : t(`members.roleName.${role}`));
}
