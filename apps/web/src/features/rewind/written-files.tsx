import { Button } from '@mantine/core';
import type { ChosenFile } from '@serment/replica/practice-rewind';
import { type FormEvent, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { AskedValue } from '../../ui/asked-value.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { WritesView, WrittenFileView } from '../../worker/rewind-desk.ts';
import { useBirthText, useNameOrNone } from '../patients/person.tsx';
import { DifferenceBox, DifferenceLine } from '../travel/differences.tsx';

interface WrittenFilesProps {
  readonly writes: WritesView;
  readonly isBusy: boolean;
  readonly onUndo: (chosen: readonly ChosenFile[]) => void;
}

const shownAtOnce = 100;

/** The files that would be otherwise, with what of them is to be made so. */
export function WrittenFiles({ writes: { files, entries, closed }, isBusy, onUndo }: WrittenFilesProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [shown, setShown] = useState(shownAtOnce);
  const [isTried, setTried] = useState(false);
  /** What others have written over is left to whoever looks at it. */
  const [chosen, setChosen] = useState<ReadonlySet<string>>(
    () =>
      new Set(files.flatMap((file) => file.records.filter((one) => !one.isFollowed).map(({ id }) => keyOf(file, id)))),
  );
  const set = (keys: readonly string[], isIn: boolean) => {
    const next = new Set(chosen);
    for (const key of keys)
      if (isIn) next.add(key);
      else next.delete(key);
    setChosen(next);
  };
  const wanted = files.flatMap((file): ChosenFile[] => {
    const ids = file.records.flatMap(({ id }) => (chosen.has(keyOf(file, id)) ? [id] : []));
    return ids.length === 0 ? [] : [{ patient: file.patient, ids }];
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (wanted.length > 0) onUndo(wanted);
  };
  const followed = files.reduce((sum, { records }) => sum + records.filter(({ isFollowed }) => isFollowed).length, 0);
  const keys = files.flatMap((file) => file.records.map(({ id }) => keyOf(file, id)));
  const records = wanted.reduce((sum, { ids }) => sum + ids.length, 0);
  return (
    <form className="rewind-files" aria-label={t('rewind.found')} onSubmit={send}>
      <h2>{t('rewind.found')}</h2>
      <p className="row-text" role="status">
        {files.length === 0
          ? t('rewind.none', { count: entries })
          : t('rewind.summary', { count: files.length, files: format.number(files.length) })}
      </p>
      {closed === 0 ? null : <Notice tone="amber">{t('rewind.closedEntries', { count: closed })}</Notice>}
      {followed === 0 ? null : <Notice tone="amber">{t('rewind.followed', { count: followed })}</Notice>}
      {files.length < 2 ? null : (
        <DifferenceBox isChosen={chosen.size === keys.length} onToggle={() => set(keys, chosen.size < keys.length)}>
          {t('travel.all')}
        </DifferenceBox>
      )}
      <ul>
        {files.slice(0, shown).map((file) => (
          <li key={file.patient ?? ''}>
            <FileLine file={file} chosen={chosen} onSet={set} />
          </li>
        ))}
      </ul>
      {files.length <= shown ? null : (
        <p className="row-text">
          {t('rewind.more', { count: files.length - shown, files: format.number(files.length - shown) })}{' '}
          <button type="button" className="text-button" onClick={() => setShown(shown + shownAtOnce)}>
            {t('rewind.showMore')}
          </button>
        </p>
      )}
      {files.length === 0 ? null : (
        <div className="differences-end">
          <p className="small muted">{t('travel.rule')}</p>
          {isTried && wanted.length === 0 ? (
            <p className="red row-text" role="alert">
              {t('travel.noneChosen')}
            </p>
          ) : null}
          <Button type="submit" loading={isBusy}>
            {t('travel.restore', { count: records })}
          </Button>
        </div>
      )}
    </form>
  );
}

interface FileLineProps {
  readonly file: WrittenFileView;
  readonly chosen: ReadonlySet<string>;
  readonly onSet: (keys: readonly string[], isIn: boolean) => void;
}

function FileLine({ file, chosen, onSet }: FileLineProps) {
  const { t } = useTranslation();
  const nameOf = useNameOrNone();
  const birthOf = useBirthText();
  const [isOpen, setOpen] = useState(false);
  const { row, patient, records } = file;
  const keys = records.map(({ id }) => keyOf(file, id));
  const isChosen = keys.every((key) => chosen.has(key));
  const name = patient === null ? t('rewind.practice') : row === null ? t('rewind.unknown') : nameOf(row);
  const kinds = (['changed', 'gone', 'added'] as const).flatMap((kind) => {
    const count = records.filter((record) => record.kind === kind).length;
    return count === 0 ? [] : [t(`rewind.count.${kind}`, { count })];
  });
  return (
    <>
      <div className="rewind-file">
        <DifferenceBox isChosen={isChosen} onToggle={() => onSet(keys, !isChosen)}>
          <b>{name}</b> <span className="muted">{row === null ? '' : birthOf(row)}</span>
          <span className="small muted difference-what">{kinds.join(' · ')}</span>
        </DifferenceBox>
        <button type="button" className="text-button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t(isOpen ? 'rewind.hide' : 'rewind.detail')}
          <span className="hidden-text"> {name}</span>
        </button>
      </div>
      {isOpen ? <Details file={file} chosen={chosen} onSet={onSet} /> : null}
    </>
  );
}

function Details({ file, chosen, onSet }: FileLineProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const language = useLanguage();
  const { patient, records } = file;
  const asked = useAsked(`rewind ${patient} ${language}`, () => engine.desks.rewind.details(patient, language));
  const followed = new Set(records.flatMap(({ id, isFollowed }) => (isFollowed ? [id] : [])));
  return (
    <div className="rewind-details">
      <AskedValue asked={asked} loading={t('travel.loading')}>
        {(differences) => (
          <ul>
            {differences.map((difference) => {
              const key = keyOf(file, difference.recordId);
              return (
                <li key={key}>
                  <DifferenceLine
                    difference={difference}
                    isChosen={chosen.has(key)}
                    onToggle={() => onSet([key], !chosen.has(key))}
                  />
                  {followed.has(difference.recordId) ? (
                    <p className="small amber rewind-followed">{t('rewind.isFollowed')}</p>
                  ) : null}
                </li>
              );
            })}
          </ul>
        )}
      </AskedValue>
    </div>
  );
}

function keyOf({ patient }: WrittenFileView, id: string): string {
  return `${patient ?? ''} ${id}`;
}
