import { NativeSelect } from '@mantine/core';
import { type MeetingPlace, meetingPlaces } from '@serment/records/fhir/encounter';
import { useTranslation } from '../../i18n/use-translation.ts';
import type { SoundDraft } from './consultation-editor.tsx';

/** Where it takes place: at the practice unless somebody says otherwise. */
export function PlaceChoice({ draft, isFixed }: { readonly draft: SoundDraft; readonly isFixed: boolean }) {
  const { t } = useTranslation();
  return (
    <NativeSelect
      classNames={{ input: 'place-choice' }}
      aria-label={t('consultation.place')}
      value={draft.value.place}
      disabled={isFixed}
      onChange={(event) => {
        const place = places.find((one) => one === event.currentTarget.value);
        if (place !== undefined) draft.change(() => ({ place }));
      }}
    >
      {places.map((place) => (
        <option key={place} value={place}>
          {t(`consultation.places.${place}`)}
        </option>
      ))}
    </NativeSelect>
  );
}

const places = Object.keys(meetingPlaces) as MeetingPlace[];
