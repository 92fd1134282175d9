import { Button } from '@mantine/core';
import type { Arrived } from '@serment/replica/arrivals';
import { useRef, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { useErrorText } from '../../ui/error-text.tsx';
import { Octagon } from '../../ui/marks.tsx';
import { safeName, useNameOrNone } from '../patients/person.tsx';

interface Outcome {
  readonly key: string;
  readonly file: File;
  /** Null where it failed. */
  readonly arrived: readonly Arrived[] | null;
  readonly error: unknown;
}

export interface Receiving {
  readonly outcomes: readonly Outcome[];
  readonly progress: { readonly name: string; readonly done: number; readonly total: number } | null;
  readonly receive: (files: readonly File[]) => void;
  readonly hide: () => void;
}

/** Files taken in one after the other: one that fails keeps no other from coming. */
export function useReceiving(onDone: () => void): Receiving {
  const engine = useEngine();
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([]);
  const [progress, setProgress] = useState<Receiving['progress']>(null);
  const waiting = useRef<File[]>([]);
  const isRunning = useRef(false);
  const count = useRef(0);
  const work = async () => {
    isRunning.current = true;
    let done = 0;
    for (let file = waiting.current.shift(); file !== undefined; file = waiting.current.shift()) {
      setProgress({ name: file.name, done: done + 1, total: done + 1 + waiting.current.length });
      const key = String(count.current++);
      const told = file;
      try {
        const arrived = await engine.desks.inbox.receive(file);
        setOutcomes((known) => [{ key, file: told, arrived, error: null }, ...known]);
      } catch (error) {
        setOutcomes((known) => [{ key, file: told, arrived: null, error }, ...known]);
      }
      done += 1;
      onDone();
    }
    isRunning.current = false;
    setProgress(null);
  };
  const receive = (files: readonly File[]) => {
    setOutcomes((known) => known.filter(({ file, arrived }) => arrived !== null || !files.includes(file)));
    waiting.current.push(...files);
    if (!isRunning.current && files.length > 0) void work();
  };
  return { outcomes, progress, receive, hide: () => setOutcomes([]) };
}

export function ChooseFiles({ onChoose }: { readonly onChoose: (files: readonly File[]) => void }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        data-testid="inbox-files"
        onChange={(event) => {
          onChoose([...(event.currentTarget.files ?? [])]);
          // The same file may be chosen again.
          event.currentTarget.value = '';
        }}
      />
      <Button onClick={() => input.current?.click()}>{t('inbox.choose')}</Button>
    </>
  );
}

/** What became of each file. */
export function Outcomes({ receiving }: { readonly receiving: Receiving }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const { outcomes, progress, receive, hide } = receiving;
  return (
    <div className="inbox-outcomes" role="status">
      {progress === null ? null : (
        <p className="row-text">{t('inbox.receiving', { ...progress, name: safeName(progress.name) })}</p>
      )}
      {outcomes.length === 0 ? null : (
        <>
          <div className="inbox-outcomes-head">
            <h2>{t('inbox.arrived')}</h2>
            <button type="button" className="text-button" onClick={hide}>
              {t('inbox.hide')}
            </button>
          </div>
          <ul>
            {outcomes.map(({ key, file, arrived, error }) =>
              arrived === null ? (
                <li key={key} className="red">
                  <Octagon /> <b>{safeName(file.name)}</b> {errorText(error)}{' '}
                  <button type="button" className="text-button" onClick={() => receive([file])}>
                    {t('inbox.retry')}
                  </button>
                </li>
              ) : (
                // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a file are their places.
                arrived.map((one, place) => <Part key={`${key} ${place}`} file={file} arrived={one} />)
              ),
            )}
          </ul>
        </>
      )}
    </div>
  );
}

function Part({ file, arrived }: { readonly file: File; readonly arrived: Arrived }) {
  const { t } = useTranslation();
  const nameOf = useNameOrNone();
  const { outcome, id, patient, results, title, findings } = arrived;
  const words = () => {
    if (outcome === 'received')
      return results === 0 ? t('inbox.outcome.received') : t('inbox.outcome.receivedResults', { count: results });
    if (patient !== null) return t('inbox.outcome.againFiled', { name: nameOf(patient) });
    return t(id === null ? 'inbox.outcome.againSomewhere' : 'inbox.outcome.againWaiting');
  };
  return (
    <li>
      <b>{safeName(title)}</b> <span className="muted">{safeName(file.name)}</span> {words()}
      {findings.map(({ code, count }) => (
        <span key={code} className="amber">
          {' '}
          {t(`inbox.finding.${code}`, { count })}
        </span>
      ))}
    </li>
  );
}
