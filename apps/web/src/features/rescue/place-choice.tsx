import { NativeSelect } from '@mantine/core';
import type { RescuePlace } from '@serment/replica/rescue-settings';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { canChooseFolder, chooseFolder } from './folder.ts';

/** A place, and the folder that was chosen just now. */
export interface ChosenPlace {
  readonly place: RescuePlace;
  readonly folder: FileSystemDirectoryHandle | null;
}

interface PlaceChoiceProps {
  readonly chosen: ChosenPlace;
  readonly onChange: (chosen: ChosenPlace) => void;
  readonly isMissing: boolean;
}

/** Where copies are to go: a folder of the person's, where the browser lets one be chosen, or the downloads. */
export function PlaceChoice({ chosen: { place, folder }, onChange, isMissing }: PlaceChoiceProps) {
  const { t } = useTranslation();
  const { isBusy, error, run } = useAttempt();
  const canChoose = canChooseFolder();
  const choose = () =>
    run(async () => {
      const next = await chooseFolder();
      if (next !== null) onChange({ place: { kind: 'folder', name: next.name }, folder: next });
    });
  return (
    <fieldset className="rescue-place">
      <legend>{t('rescue.place.title')}</legend>
      <label>
        <input
          type="radio"
          name="place"
          disabled={!canChoose}
          checked={place.kind === 'folder'}
          onChange={() => onChange({ place: { kind: 'folder', name: folder?.name ?? '' }, folder })}
        />
        <span>
          <b>{t('rescue.place.folder')}</b>
          <br />
          <span className="muted">{t(canChoose ? 'rescue.place.folderDetail' : 'rescue.place.folderNone')}</span>
        </span>
      </label>
      {place.kind === 'folder' ? (
        <p className="rescue-chosen row-text">
          {place.name === '' ? null : <span>{t('rescue.place.chosen', { name: place.name })}</span>}
          <button type="button" className="text-button" disabled={isBusy} onClick={() => void choose()}>
            {t('rescue.place.choose')}
          </button>
        </p>
      ) : null}
      {isMissing ? (
        <p className="red row-text" role="alert">
          {t('rescue.place.missing')}
        </p>
      ) : null}
      <label>
        <input
          type="radio"
          name="place"
          checked={place.kind === 'download'}
          onChange={() => onChange({ place: { kind: 'download', name: '' }, folder })}
        />
        <span>
          <b>{t('rescue.place.download')}</b>
          <br />
          <span className="muted">{t('rescue.place.downloadDetail')}</span>
        </span>
      </label>
      <Failure error={error} />
    </fieldset>
  );
}

interface HourChoiceProps {
  readonly hour: number;
  readonly onChange: (hour: number) => void;
}

export function HourChoice({ hour, onChange }: HourChoiceProps) {
  const { t } = useTranslation();
  return (
    <NativeSelect
      className="rescue-hour"
      label={t('rescue.hour')}
      description={t('rescue.hourDetail')}
      value={String(hour)}
      data={Array.from({ length: 24 }, (_, one) => ({ value: String(one), label: t('rescue.hourOf', { hour: one }) }))}
      onChange={(event) => onChange(Number(event.currentTarget.value))}
    />
  );
}
