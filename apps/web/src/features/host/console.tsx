import { Button } from '@mantine/core';
import type { OperatorSession } from '@serment/core/wire/operator';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Notice } from '../../ui/notice.tsx';
import { codeOf } from '../../worker/carried-error.ts';
import { LanguageSwitch } from '../shell/language-switch.tsx';
import { ActSheet, type Asked } from './act-sheet.tsx';
import { AddCopySheet } from './add-copy-sheet.tsx';
import { type ConsolePlace, consolePages, linkTo, pathOf, useConsolePlace } from './console-place.ts';
import { ConsoleContext } from './console-session.ts';
import { CopiesPage } from './copies-page.tsx';
import { DrillsPage } from './drills-page.tsx';
import { hostClient } from './host-client.ts';
import { JobsPage } from './jobs-page.tsx';
import { OverviewPage } from './overview-page.tsx';
import { PracticePage } from './practice-page.tsx';
import { PracticesPage } from './practices-page.tsx';
import './console.css';

interface ConsoleProps {
  readonly session: OperatorSession;
  /** True when the session ended by itself. */
  readonly onEnd: (ended: boolean) => void;
}

/** The console of an operator who entered: its pages, and the sheet of an act over them. */
export function Console({ session, onEnd }: ConsoleProps) {
  const { t } = useTranslation();
  const place = useConsolePlace();
  const [turn, setTurn] = useState(0);
  const [act, setAct] = useState<Asked | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const endIfOver = useCallback(
    (failure: unknown) => {
      if (codeOf(failure) === 'OPERATOR_SESSION_REQUIRED') onEnd(true);
    },
    [onEnd],
  );
  const shared = useMemo(() => ({ session, turn, ask: setAct, endIfOver }), [session, turn, endIfOver]);
  const leave = () => {
    // What is left behind ends by itself: nobody waits for it.
    hostClient.leave(session.token).catch(() => undefined);
    onEnd(false);
  };
  const done = (words: string) => {
    setAct(null);
    setSaid(words);
    setTurn((before) => before + 1);
  };
  const path = pathOf(place);
  const main = useMovedFocus(path, () => setSaid(null));
  return (
    <ConsoleContext value={shared}>
      <div className="console">
        <header className="console-head">
          <span className="brand">Serment</span>
          <Navigation place={place} />
          <div className="console-self">
            <span className="console-name">{session.name}</span>
            <LanguageSwitch />
            <Button variant="default" size="compact-sm" onClick={() => setTurn((before) => before + 1)}>
              {t('operators.refresh')}
            </Button>
            <Button variant="quiet" size="compact-sm" onClick={leave}>
              {t('operators.leave')}
            </Button>
          </div>
        </header>
        <main id="console-page" className="console-page" ref={main} tabIndex={-1}>
          {said === null ? null : <Notice tone="plain">{said}</Notice>}
          <Page key={path} place={place} />
        </main>
      </div>
      {act === null ? null : act.kind === 'add' ? (
        <AddCopySheet onClose={() => setAct(null)} onDone={done} />
      ) : (
        <ActSheet act={act} onClose={() => setAct(null)} onDone={done} />
      )}
    </ConsoleContext>
  );
}

function Page({ place }: { readonly place: ConsolePlace }) {
  switch (place.page) {
    case 'overview':
      return <OverviewPage />;
    case 'practices':
      return <PracticesPage />;
    case 'practice':
      return <PracticePage practice={place.practice} />;
    case 'copies':
      return <CopiesPage />;
    case 'drills':
      return <DrillsPage />;
    case 'jobs':
      return <JobsPage />;
  }
}

function Navigation({ place }: { readonly place: ConsolePlace }) {
  const { t } = useTranslation();
  const here = place.page === 'practice' ? 'practices' : place.page;
  return (
    <nav className="console-nav" aria-label={t('console.pages')}>
      {consolePages.map((page) => (
        <a key={page} {...linkTo({ page })} aria-current={page === here ? 'page' : undefined}>
          <span className="console-nav-long">{t(`console.page.${page}`)}</span>
          <span className="console-nav-short">{t(`console.short.${page}`)}</span>
        </a>
      ))}
    </nav>
  );
}

/** Whoever goes to another page begins at its top, by keyboard too; at the first one, nobody went anywhere. */
function useMovedFocus(path: string, onMoved: () => void) {
  const main = useRef<HTMLElement>(null);
  const last = useRef(path);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    main.current?.focus();
    onMoved();
  });
  return main;
}
