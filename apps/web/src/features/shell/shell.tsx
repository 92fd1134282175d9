import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import { arrival } from '../../i18n/arrival.ts';
import { withWords } from '../../i18n/i18n.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { leaveForms } from '../../session/leaving.ts';
import { useEngine, useSession, useSessionState, useStatus } from '../../session/use-session.ts';
import { type Layout, useLayout } from '../../ui/layout.ts';
import { InboxLink } from '../inbox/inbox-link.tsx';
import { NewsFrame } from '../news/news.tsx';
import { TodayLink } from '../news/today-link.tsx';
import { MissingPart } from '../offline/missing-part.tsx';
import { NewVersion } from '../offline/new-version.tsx';
import { useStorageForSaves } from '../offline/storage.ts';
import { Palette } from '../palette/palette.tsx';
import { focusFilter, PatientList } from '../patients/patient-list.tsx';
import { loadProblem } from '../problem/load-problem.ts';
import type { Problem } from '../problem/problem-sheet.tsx';
import { useKeys } from './keys.ts';
import { HasTime, ListDrawn, useLate } from './late.ts';
import { type MenuActs, MenuButton } from './menu-button.tsx';
import { SaveStateMark } from './save-state.tsx';
import { ShieldButton } from './shield-button.tsx';
import './shell.css';

type Overlay = 'palette' | 'shortcuts' | 'problem' | null;

/** Where each problem is mended. */
const remedies: Readonly<Record<Problem, '/coffre' | '/coffre/acces' | '/coffre/membres'>> = {
  theft: '/coffre/membres',
  virus: '/coffre/membres',
  password: '/coffre/acces',
  internet: '/coffre',
  kit: '/coffre',
  departure: '/coffre/membres',
};

const lateMs = 300;
/** Where no list is drawn. */
const latestMs = 2_000;

/**
 * A file opens at once: what makes it and what shows it is here by the time a name is chosen, and the rest after it.
 * `hasTime` is true once they may come.
 */
function useLateCode(): { readonly hasTime: boolean; readonly onList: () => void } {
  const engine = useEngine();
  const [isDrawn, setDrawn] = useState(false);
  const [hasTime, setTime] = useState(false);
  useEffect(() => {
    if (hasTime) return;
    const load = () => {
      setTime(true);
      void withWords(import('../file/file-route.tsx')).catch(() => undefined);
      void arrival(engine.loadAll()).catch(() => undefined);
    };
    // The list first: it waits for nothing that is not its own.
    const timer = setTimeout(load, isDrawn ? lateMs : latestMs);
    return () => clearTimeout(timer);
  }, [engine, isDrawn, hasTime]);
  const onList = useCallback(() => setDrawn(true), []);
  return { hasTime, onList };
}

/** The frame around every page of an open practice, in three designs. */
export function Shell() {
  const { t } = useTranslation();
  const engine = useEngine();
  const session = useSession();
  const navigate = useNavigate();
  const layout = useLayout();
  const [overlay, setOverlay] = useState<Overlay>(null);
  const { current } = useSessionState().engine;
  useStorageForSaves();
  const { hasTime, onList } = useLateCode();
  const lock = () => {
    leaveForms();
    void engine.lock();
  };
  const switchPerson = () => session.switchPerson();
  const openPalette = () => setOverlay('palette');
  useKeys({
    palette: openPalette,
    help: () => setOverlay('shortcuts'),
    today: () => void navigate({ to: '/aujourdhui' }),
    patients: () => void navigate({ to: '/patients' }).then(() => requestAnimationFrame(focusFilter)),
    newPatient: () => void navigate({ to: '/nouveau-patient', search: {} }),
    vault: () => void navigate({ to: '/coffre' }),
    lock,
    switch: switchPerson,
  });
  const frame = {
    onFind: openPalette,
    onLock: lock,
    onSwitch: switchPerson,
    onShortcuts: () => setOverlay('shortcuts'),
    onProblem: () => setOverlay('problem'),
    isDemo: current?.isDemo === true,
  };
  return (
    <HasTime value={hasTime}>
      <NewsFrame>
        <ListDrawn value={onList}>
          <div className="shell" data-layout={layout}>
            <a className="skip-link" href="#content">
              {t('app.skip')}
            </a>
            {layout === 'desktop' ? <Side {...frame} /> : <Top {...frame} layout={layout} />}
            <div className="main">
              {layout === 'phone' ? null : <Strip layout={layout} isDemo={frame.isDemo} />}
              <NewVersion />
              <MissingPart />
              <Held />
              <Parked />
              <RescueCopies />
              <main className="content" id="content" tabIndex={-1}>
                <Outlet />
              </main>
            </div>
            {layout === 'phone' ? <Bottom {...frame} /> : null}
            {overlay === 'palette' ? (
              <Palette
                onClose={() => setOverlay(null)}
                onLock={lock}
                onSwitch={switchPerson}
                onShortcuts={() => setOverlay('shortcuts')}
              />
            ) : null}
            <Sheets
              shown={overlay}
              onClose={() => setOverlay(null)}
              onGo={(problem) => {
                setOverlay(null);
                void navigate({ to: remedies[problem] });
              }}
            />
          </div>
        </ListDrawn>
      </NewsFrame>
    </HasTime>
  );
}

const loadParked = async () => (await withWords(import('./parked-bar.tsx'))).ParkedBar;
const loadHeldBar = async () => (await withWords(import('../held/held-bar.tsx'))).HeldBar;
const loadRescueKeeper = async () => (await withWords(import('../rescue/keeper.tsx'))).RescueKeeper;
const loadShortcuts = async () => (await withWords(import('./shortcuts.tsx'))).Shortcuts;

function Parked() {
  const ParkedBar = useLate(loadParked);
  return ParkedBar === null ? null : <ParkedBar />;
}

/** What a device that is held says on every page. */
function Held() {
  const HeldBar = useLate(loadHeldBar, useStatus()?.isHeld === true);
  return HeldBar === null ? null : <HeldBar />;
}

/** Makes the evening's rescue copy; shows nothing. */
function RescueCopies() {
  const RescueKeeper = useLate(loadRescueKeeper);
  return RescueKeeper === null ? null : <RescueKeeper />;
}

interface SheetsProps {
  readonly shown: Overlay;
  readonly onClose: () => void;
  readonly onGo: (problem: Problem) => void;
}

/** What is called by a key or from the menu, and seldom. */
function Sheets({ shown, onClose, onGo }: SheetsProps) {
  const Shortcuts = useLate(loadShortcuts, shown === 'shortcuts');
  const ProblemSheet = useLate(loadProblem, shown === 'problem');
  if (shown === 'shortcuts' && Shortcuts !== null) return <Shortcuts onClose={onClose} />;
  if (shown === 'problem' && ProblemSheet !== null) return <ProblemSheet onClose={onClose} onGo={onGo} />;
  return null;
}

interface FrameProps extends MenuActs {
  readonly onFind: () => void;
  readonly isDemo: boolean;
}

function Side({ onLock, onSwitch, onShortcuts, onProblem }: FrameProps) {
  const { t } = useTranslation();
  const status = useStatus();
  const isShared = useSessionState().engine.people.length > 1;
  return (
    <nav className="side" aria-label={t('shell.navigation')}>
      <div className="brand">
        <span>Serment</span>
        <MenuButton onLock={onLock} onSwitch={onSwitch} onShortcuts={onShortcuts} onProblem={onProblem} />
      </div>
      <PatientList layout="desktop" />
      <div className="side-foot">
        <div className="side-links">
          <TodayLink />
          <Link to="/patients">{t('shell.patients')}</Link>
          <InboxLink />
          <Link to="/coffre">{t('shell.vault')}</Link>
          <button type="button" onClick={onLock}>
            {t('shell.lock')}
          </button>
        </div>
        <p className="side-who">{[status?.memberName, status?.practiceName].filter(Boolean).join(' · ')}</p>
        {isShared ? (
          <button type="button" className="side-switch" onClick={onSwitch}>
            {t('shell.switch')}
          </button>
        ) : null}
      </div>
    </nav>
  );
}

function Top({ onFind, isDemo, layout, ...menu }: FrameProps & { readonly layout: Layout }) {
  const { t } = useTranslation();
  const status = useStatus();
  if (layout === 'phone')
    return (
      <header className="top">
        <PhonePlace name={isDemo ? t('app.demoShort') : (status?.practiceName ?? '')} />
        <ShieldButton isShort />
        <MenuButton {...menu} />
      </header>
    );
  return (
    <header className="top">
      <Link to="/" className="brand">
        Serment
      </Link>
      <nav aria-label={t('shell.navigation')}>
        <TodayLink />
        <Link to="/patients">{t('shell.patients')}</Link>
        <InboxLink />
        <Link to="/coffre">{t('shell.vault')}</Link>
      </nav>
      <FindButton onFind={onFind} />
      <MenuButton {...menu} />
    </header>
  );
}

function Bottom({ onFind }: FrameProps) {
  const { t } = useTranslation();
  return (
    <nav className="bottom" aria-label={t('shell.navigation')}>
      <TodayLink />
      <Link to="/patients">{t('shell.patients')}</Link>
      <button type="button" onClick={onFind}>
        {t('shell.findShort')}
      </button>
      <InboxLink />
      <Link to="/coffre">{t('shell.vaultShort')}</Link>
    </nav>
  );
}

/** The one place where saves say where they are, and what is proven. */
function Strip({ layout, isDemo }: { readonly layout: Layout; readonly isDemo: boolean }) {
  const { t } = useTranslation();
  return (
    <section className="strip" aria-label={t('shell.state')}>
      <div className="strip-save" role="status">
        <LastSaveText />
      </div>
      {isDemo ? <span className="demo-mark">{t('app.demoMark')}</span> : null}
      <PendingCount isShort={layout === 'tablet'} />
      <ShieldButton />
    </section>
  );
}

const phoneSaveMs = 8_000;

/** On a phone the last save stands where the practice's name does, over nothing: it leaves once a copy has it. */
function PhonePlace({ name }: { readonly name: string }) {
  const { lastSave } = useSessionState();
  const [gone, setGone] = useState<string | null>(null);
  const copied = lastSave?.state === 'copy' ? lastSave.id : null;
  useEffect(() => {
    if (copied === null) return;
    const timer = setTimeout(() => setGone(copied), phoneSaveMs);
    return () => clearTimeout(timer);
  }, [copied]);
  const isSaid = lastSave !== null && lastSave.id !== gone;
  return (
    <div className="phone-place">
      {isSaid ? null : <span>{name}</span>}
      {isSaid ? null : <PendingCount isShort />}
      <div role="status">{isSaid ? <PhoneSaveText /> : null}</div>
    </div>
  );
}

function LastSaveText() {
  const { t } = useTranslation();
  const { lastSave } = useSessionState();
  if (lastSave === null) return null;
  return (
    <span className="save-line" data-testid="last-save">
      <SaveStateMark state={lastSave.state} copiedAt={lastSave.copiedAt} hasWords />
      <span className="muted">{t('save.of', { what: lastSave.what, who: lastSave.patient })}</span>
    </span>
  );
}

/** Where it stands, whole; then how many wait, whose it is and what: the end may be cut, and no other part. */
function PhoneSaveText() {
  const { t } = useTranslation();
  const { lastSave } = useSessionState();
  const pending = useStatus()?.pending ?? 0;
  if (lastSave === null) return null;
  return (
    <span className="save-line" data-testid="last-save">
      <SaveStateMark state={lastSave.state} copiedAt={lastSave.copiedAt} hasWords />
      <span className="muted">
        {pending === 0 ? null : <span className="amber">{t('shell.pendingShort', { count: pending })} · </span>}
        {[lastSave.patient, lastSave.what].filter((part) => part !== '').join(' · ')}
      </span>
    </span>
  );
}

function PendingCount({ isShort = false }: { readonly isShort?: boolean }) {
  const { t } = useTranslation();
  const pending = useStatus()?.pending ?? 0;
  if (isShort)
    return pending === 0 ? null : <span className="amber nowrap">{t('shell.pendingShort', { count: pending })}</span>;
  return (
    <span className={pending === 0 ? 'muted nowrap' : 'amber nowrap'}>{t('shell.pending', { count: pending })}</span>
  );
}

function FindButton({ onFind }: { readonly onFind: () => void }) {
  const { t } = useTranslation();
  return (
    <button type="button" className="find-button" onClick={onFind}>
      <span>{t('shell.find')}</span>
      <kbd>Ctrl K</kbd>
    </button>
  );
}
