import type { PatientRow } from '@serment/replica/directory';
import { fold } from '@serment/replica/search-terms';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine, useStatus } from '../../session/use-session.ts';
import { useDepositPart } from '../deposits/use-deposits.ts';
import { useBirthText, useNameOrNone } from '../patients/person.tsx';
import { type KeyAction, keyLabels } from '../shell/keys.ts';
import './palette.css';

interface PaletteProps {
  readonly onClose: () => void;
  readonly onLock: () => void;
  readonly onSwitch: () => void;
  readonly onShortcuts: () => void;
}

interface Option {
  readonly key: string;
  readonly section: 'patients' | 'actions';
  readonly label: string;
  readonly detail: string;
  readonly run: () => void;
}

const shownPatients = 8;

/** A patient or an action, found as one types: the keyboard reaches everything from here. */
export function Palette({ onClose, onLock, onSwitch, onShortcuts }: PaletteProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const patients = usePatientOptions(query, onClose);
  const actionsFor = useActionOptions({ onClose, onLock, onSwitch, onShortcuts });
  // All of one answer: an action that stood where a patient comes would be run in her place.
  const options = patients.query === null ? [] : [...patients.options, ...actionsFor(patients.query)];
  const at = Math.min(active, Math.max(0, options.length - 1));
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  /** Typing may be ahead of the answer: what opens is what was typed, never what is still shown. */
  const run = async () => {
    if (patients.query === query) return options[at]?.run();
    const [row] = query.trim() === '' ? [] : await engine.search(query, 1);
    if (row !== undefined) patients.open(row);
    else actionsFor(query)[0]?.run();
  };
  const onKeys = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && options.length > 0) {
      event.preventDefault();
      const next = (at + step + options.length) % options.length;
      setActive(next);
      document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: 'nearest' });
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      void run();
    }
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the palette closes it, as Escape does.
    <dialog
      ref={dialog}
      className="palette"
      aria-label={t('palette.label')}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <input
        autoFocus
        role="combobox"
        aria-label={t('palette.label')}
        aria-expanded={options.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        {...(options.length > 0 ? { 'aria-activedescendant': `${list}-${at}` } : {})}
        placeholder={t('palette.placeholder')}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeys}
        spellCheck={false}
        autoComplete="off"
      />
      <div className="palette-list" role="listbox" id={list} aria-label={t('palette.label')} tabIndex={-1}>
        {options.map((option, place) => (
          <div key={option.key} role="presentation">
            {options[place - 1]?.section === option.section ? null : (
              <div className="palette-section" role="presentation">
                {t(`palette.${option.section}`)}
              </div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys go through the input. */}
            {/* biome-ignore lint/a11y/useFocusableInteractive: keys go through the input. */}
            <div
              className="palette-option"
              role="option"
              id={`${list}-${place}`}
              aria-selected={place === at}
              onPointerMove={() => setActive(place)}
              onClick={option.run}
            >
              <span>{option.label}</span>
              <span className="muted">{option.detail}</span>
            </div>
          </div>
        ))}
      </div>
      {patients.query !== null && options.length === 0 ? (
        <p className="palette-none">{t('palette.none', { query: patients.query })}</p>
      ) : null}
      <p className="hidden-text" role="status">
        {t('palette.results', { count: options.length })}
      </p>
    </dialog>
  );
}

interface PatientOptions {
  readonly options: readonly Option[];
  /** What they were found for; null until the first answer. */
  readonly query: string | null;
  readonly open: (row: PatientRow) => void;
}

function usePatientOptions(query: string, onClose: () => void): PatientOptions {
  const engine = useEngine();
  const navigate = useNavigate();
  const format = useFormat();
  const name = useNameOrNone();
  const birth = useBirthText();
  const [found, setFound] = useState<{ query: string | null; rows: readonly PatientRow[] }>({ query: null, rows: [] });
  useEffect(() => {
    let isCurrent = true;
    const asked = query.trim() === '' ? engine.recent(shownPatients) : engine.search(query, shownPatients);
    asked.then(
      (rows) => {
        if (isCurrent) setFound({ query, rows });
      },
      () => {
        if (isCurrent) setFound({ query, rows: [] });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [engine, query]);
  const open = (row: PatientRow) => {
    onClose();
    void navigate({ to: '/patients/$id', params: { id: row.id.slice('Patient/'.length) } });
  };
  const options = found.rows.map(
    (row): Option => ({
      key: row.id,
      section: 'patients',
      label: [name(row), row.birthFamily === null ? '' : `(${row.birthFamily})`].filter(Boolean).join(' '),
      detail: [birth(row), format.age(row.birthDate)].filter(Boolean).join(', '),
      run: () => open(row),
    }),
  );
  return { options, query: found.query, open };
}

/** Gives the actions that fit what is typed. */
function useActionOptions({ onClose, onLock, onSwitch, onShortcuts }: PaletteProps): (query: string) => Option[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const depositPart = useDepositPart();
  const maySearch = useStatus()?.compartments.includes('clinical') === true;
  const action = (key: KeyAction, label: string, run: () => void): Option => ({
    key,
    section: 'actions',
    label,
    detail: keyLabels[key],
    run: () => {
      onClose();
      run();
    },
  });
  const search = { key: 'search', detail: '' };
  const all = [
    action('newPatient', t('shell.newPatient'), () => void navigate({ to: '/nouveau-patient', search: {} })),
    action('today', t('today.link'), () => void navigate({ to: '/aujourdhui' })),
    action('patients', t('shell.patients'), () => void navigate({ to: '/patients' })),
    ...(maySearch
      ? [{ ...action('vault', t('search.title'), () => void navigate({ to: '/recherche', search: {} })), ...search }]
      : []),
    action('vault', t('shell.vault'), () => void navigate({ to: '/coffre' })),
    {
      ...action('vault', t('host.title'), () => void navigate({ to: '/coffre/hebergeur', search: {} })),
      key: 'host',
      detail: '',
    },
    ...(depositPart !== null
      ? [
          {
            ...action('vault', t('deposits.link'), () => void navigate({ to: '/depots' })),
            key: 'deposits',
            detail: '',
          },
        ]
      : []),
    ...(maySearch
      ? [
          {
            ...action('vault', t('tables.title'), () => void navigate({ to: '/coffre/tables' })),
            key: 'tables',
            detail: '',
          },
        ]
      : []),
    {
      ...action('patients', t('duplicates.link'), () => void navigate({ to: '/doublons', search: {} })),
      key: 'duplicates',
      detail: '',
    },
    {
      ...action('patients', t('scanned.sheets.title'), () => void navigate({ to: '/feuilles', search: {} })),
      key: 'sheets',
      detail: '',
    },
    action('help', t('shell.shortcuts'), onShortcuts),
    action('lock', t('shell.lock'), onLock),
    action('switch', t('shell.switch'), onSwitch),
  ];
  return (query) => {
    const typed = query.trim();
    const words = fold(typed).split(' ');
    const found = all.filter(({ label }) => words.every((word) => ` ${fold(label)}`.includes(` ${word}`)));
    if (typed === '') return found;
    const create = action(
      'newPatient',
      t('palette.create', { query: typed }),
      () => void navigate({ to: '/nouveau-patient', search: { nom: typed } }),
    );
    const inTexts = action(
      'vault',
      t('palette.search', { query: typed }),
      () => void navigate({ to: '/recherche', search: { q: typed } }),
    );
    const asTyped = [
      ...(maySearch ? [{ ...inTexts, key: 'search-typed', detail: '' }] : []),
      { ...create, key: 'create', detail: '' },
    ];
    return /\p{L}/u.test(typed) ? [...found, ...asTyped] : found;
  };
}
