import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine, useStatus } from '../../session/use-session.ts';
import { StepFrame } from '../welcome/step-frame.tsx';
import { markOf } from './copies.ts';
import { canChooseFolder, keepFolder } from './folder.ts';
import { PhraseSteps } from './phrase-steps.tsx';
import { type ChosenPlace, HourChoice, PlaceChoice } from './place-choice.tsx';
import { usePlaceText } from './place-text.ts';

const usualHour = 18;

interface SetUpProps {
  /** The device's author, in hexadecimal. */
  readonly device: string;
  readonly onDone: () => void;
  readonly onBack: () => void;
}

/** The first time: where to and when, then the passphrase. */
export function SetUp({ device, onDone, onBack }: SetUpProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const status = useStatus();
  const placeText = usePlaceText();
  const [isPlaced, setPlaced] = useState(false);
  const [hour, setHour] = useState(usualHour);
  const [chosen, setChosen] = useState<ChosenPlace>(() => ({
    place: { kind: canChooseFolder() ? 'folder' : 'download', name: '' },
    folder: null,
  }));
  const [isTried, setTried] = useState(false);
  const { place, folder } = chosen;
  const isMissing = place.kind === 'folder' && folder === null;
  const begin = async () => {
    if (folder !== null && place.kind === 'folder') await keepFolder(device, folder);
    await engine.desks.rescue.begin(place, hour);
    onDone();
  };
  if (isPlaced)
    return (
      <PhraseSteps
        submit={t('rescue.phrase.finish')}
        place={placeText(place)}
        mark={markOf(device)}
        onChecked={begin}
        onBack={() => setPlaced(false)}
      />
    );
  const go = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isMissing) setPlaced(true);
  };
  return (
    <StepFrame step={null} title={t('rescue.title')} lead={t('rescue.lead')}>
      <form className="rescue-form" onSubmit={go}>
        <PlaceChoice chosen={chosen} onChange={setChosen} isMissing={isTried && isMissing} />
        <HourChoice hour={hour} onChange={setHour} />
        <p className="muted row-text">
          {t('rescue.firstReads')} {status?.holdsDevices ? t('rescue.firstHeld') : ''}
        </p>
        <div className="step-actions">
          <Button type="submit">{t('rescue.next')}</Button>
          <Button variant="quiet" onClick={onBack}>
            {t('rescue.back')}
          </Button>
        </div>
      </form>
    </StepFrame>
  );
}
