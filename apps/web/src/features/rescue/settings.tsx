import { Button } from '@mantine/core';
import type { RescueSetting } from '@serment/replica/rescue-settings';
import { useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { markOf } from './copies.ts';
import { forgetFolder, keepFolder } from './folder.ts';
import { PhraseSteps } from './phrase-steps.tsx';
import { type ChosenPlace, HourChoice, PlaceChoice } from './place-choice.tsx';
import { usePlaceText } from './place-text.ts';

interface SettingsProps {
  readonly view: RescueSetting;
  readonly device: string;
  readonly onChanged: () => void;
}

type Changing = 'place' | 'phrase' | 'end' | null;

/** When and where to, the passphrase, and the end of it. */
export function Settings({ view, device, onChanged }: SettingsProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const placeText = usePlaceText();
  const [changing, setChanging] = useState<Changing>(null);
  const [isPhraseChanged, setPhraseChanged] = useState(false);
  const { isBusy, error, run } = useAttempt();
  const { place, hour } = view;
  const close = () => {
    setChanging(null);
    onChanged();
  };
  const changeHour = (next: number) =>
    run(async () => {
      await engine.desks.rescue.change({ hour: next });
      onChanged();
    });
  const changePhrase = async () => {
    await engine.desks.rescue.begin(place, hour);
    setPhraseChanged(true);
    close();
  };
  const end = () =>
    run(async () => {
      await engine.desks.rescue.stop();
      await forgetFolder(device);
      close();
    });
  return (
    <section className="rescue-settings" aria-label={t('rescue.settings')}>
      <h2>{t('rescue.settings')}</h2>
      <HourChoice hour={hour} onChange={(next) => void changeHour(next)} />
      <Failure error={error} />
      {isPhraseChanged ? <Notice tone="plain">{t('rescue.phraseChanged')}</Notice> : null}
      <div className="rescue-acts">
        <Button variant="default" onClick={() => setChanging('place')}>
          {t('rescue.changePlace')}
        </Button>
        <Button variant="default" onClick={() => setChanging('phrase')}>
          {t('rescue.changePhrase')}
        </Button>
        <Button variant="quiet" onClick={() => setChanging('end')}>
          {t('rescue.end')}
        </Button>
      </div>
      {changing === 'place' ? <ChangePlace {...{ view, device }} onDone={close} /> : null}
      {changing === 'phrase' ? (
        <>
          <p className="row-text">{t('rescue.changePhraseWhy')}</p>
          <PhraseSteps
            submit={t('rescue.phrase.finishChange')}
            place={placeText(place)}
            mark={markOf(device)}
            onChecked={changePhrase}
            onBack={() => setChanging(null)}
          />
        </>
      ) : null}
      {changing === 'end' ? (
        <Notice
          tone="plain"
          action={
            <Button variant="default" loading={isBusy} onClick={() => void end()}>
              {t('rescue.endSure')}
            </Button>
          }
        >
          {t('rescue.endWhy')}
        </Notice>
      ) : null}
    </section>
  );
}

function ChangePlace({ view, device, onDone }: Omit<SettingsProps, 'onChanged'> & { readonly onDone: () => void }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { isBusy, error, run } = useAttempt();
  const [chosen, setChosen] = useState<ChosenPlace>({ place: view.place, folder: null });
  const { place, folder } = chosen;
  // The one that stands needs no choosing.
  const isMissing = place.kind === 'folder' && folder === null && place.name !== view.place.name;
  const save = () =>
    run(async () => {
      if (place.kind === 'folder' && folder !== null) await keepFolder(device, folder);
      await engine.desks.rescue.change({ place });
      onDone();
    });
  return (
    <div className="rescue-form">
      <PlaceChoice chosen={chosen} onChange={setChosen} isMissing={false} />
      <Failure error={error} />
      <div className="rescue-acts">
        <Button
          loading={isBusy}
          disabled={isMissing || (place.kind === 'folder' && place.name === '')}
          onClick={() => void save()}
        >
          {t('rescue.changePlace')}
        </Button>
        <Button variant="quiet" onClick={onDone}>
          {t('rescue.back')}
        </Button>
      </div>
    </div>
  );
}
