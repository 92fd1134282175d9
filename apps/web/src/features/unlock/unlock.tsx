import { useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useSessionState } from '../../session/use-session.ts';
import { Notice } from '../../ui/notice.tsx';
import { useTitle } from '../../ui/use-title.ts';
import type { KnownPerson } from '../../worker/protocol.ts';
import { MissingPart } from '../offline/missing-part.tsx';
import { NewVersion } from '../offline/new-version.tsx';
import { loadProblem } from '../problem/load-problem.ts';
import { LanguageSwitch } from '../shell/language-switch.tsx';
import { useLate } from '../shell/late.ts';
import type { WelcomeStep } from '../welcome/welcome.tsx';
import { Lock } from './lock.tsx';
import { PeopleList, usePersonText } from './people-list.tsx';
import { RemovePerson } from './remove-person.tsx';
import './unlock.css';

/**
 * One gesture back to where the person was, and the other ways in below. Who was here last is taken for granted, unless
 * somebody else is to unlock: then it asks who.
 */
export function Unlock({ onWelcome }: { readonly onWelcome: (step: WelcomeStep) => void }) {
  const { t } = useTranslation();
  const { engine, leftPending, isSwitching } = useSessionState();
  const { people } = engine;
  const [chosen, setChosen] = useState<string | null>(isSwitching ? null : (people[0]?.device ?? null));
  const [isWorried, setWorried] = useState(false);
  const ProblemSheet = useLate(loadProblem, isWorried);
  const [isRemoving, setRemoving] = useState(false);
  const person = people.find(({ device }) => device === chosen) ?? null;
  useTitle(t('unlock.title'));
  return (
    <div className="lock">
      <header className="welcome-head">
        <span className="brand">Serment</span>
        <LanguageSwitch />
      </header>
      <main className="lock-page">
        <p className="muted">{t('unlock.title')}</p>
        {person === null ? (
          <>
            <h1>{t('unlock.who')}</h1>
            <PeopleList people={people} onChoose={setChosen} />
          </>
        ) : (
          <>
            <h1>{person.practiceName}</h1>
            <Who person={person} onOther={people.length > 1 ? () => setChosen(null) : null} />
            {leftPending === 0 || person.isRevoked ? null : <Notice tone="plain">{t('shell.lockedPending')}</Notice>}
            <Lock key={person.device} person={person} />
          </>
        )}
        <NewVersion />
        <MissingPart />
        <div className="lock-foot">
          <b>{t('unlock.erased')}</b>
          <p>{t('unlock.erasedDetail')}</p>
          <button type="button" className="text-button" onClick={() => onWelcome('enrol')}>
            {t('unlock.useKit')}
          </button>
          <button type="button" className="text-button" onClick={() => onWelcome('choice')}>
            {t('unlock.other')}
          </button>
          {person === null || people.length < 2 ? null : (
            <button type="button" className="text-button" onClick={() => setRemoving(true)}>
              {t('unlock.remove')}
            </button>
          )}
          <button type="button" className="text-button" onClick={() => setWorried(true)}>
            {t('unlock.problem')}
          </button>
        </div>
      </main>
      {isWorried && ProblemSheet !== null ? <ProblemSheet onClose={() => setWorried(false)} onGo={null} /> : null}
      {isRemoving && person !== null ? (
        <RemovePerson
          person={person}
          onClose={() => setRemoving(false)}
          onDone={() => {
            setRemoving(false);
            setChosen(null);
          }}
        />
      ) : null}
    </div>
  );
}

/** Whose lock this is, and the way to another's. */
function Who({ person, onOther }: { readonly person: KnownPerson; readonly onOther: (() => void) | null }) {
  const { t } = useTranslation();
  const text = usePersonText();
  const words = text(person);
  if (words === '' && onOther === null) return null;
  return (
    <p className="lock-who">
      {words}{' '}
      {onOther === null ? null : (
        <button type="button" className="text-button" onClick={onOther}>
          {t('unlock.switch')}
        </button>
      )}
    </p>
  );
}
