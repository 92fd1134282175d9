import { PasswordInput, TextInput } from '@mantine/core';
import { useTranslation } from '../../i18n/use-translation.ts';
import type { PlaceField, TypedPlace } from './typed-place.ts';
import '../../ui/choices.css';

interface PlaceFieldsProps {
  readonly typed: TypedPlace;
  readonly onChange: (typed: TypedPlace) => void;
  /** The field that was told to be wrong. */
  readonly wrong: PlaceField | null;
}

/** Where a new copy is, and what it takes to reach it. */
export function PlaceFields({ typed, onChange, wrong }: PlaceFieldsProps) {
  const { t } = useTranslation();
  const errorOf = (field: PlaceField) => (wrong === field ? t(`addingCopy.wrong.${field}`) : null);
  const field = (name: Exclude<keyof TypedPlace, 'kind' | 'accessKeyId' | 'secretAccessKey'>) => ({
    ...{ label: t(`addingCopy.${name}`), value: typed[name], error: errorOf(name), spellCheck: false },
    ...{ autoComplete: 'off', maxLength: name === 'folder' ? 4096 : 255 },
    onChange: (event: { readonly currentTarget: HTMLInputElement }) =>
      onChange({ ...typed, [name]: event.currentTarget.value }),
  });
  return (
    <>
      <fieldset className="choices">
        <legend>{t('addingCopy.kind')}</legend>
        {(['folder', 's3'] as const).map((kind) => (
          <label key={kind}>
            <input
              type="radio"
              name="kind"
              checked={typed.kind === kind}
              onChange={() => onChange({ ...typed, kind })}
            />
            {t(kind === 'folder' ? 'addingCopy.folderKind' : 'addingCopy.bucketKind')}
          </label>
        ))}
      </fieldset>
      <TextInput {...field('name')} description={t('addingCopy.nameHelp')} maxLength={64} />
      {typed.kind === 'folder' ? (
        <TextInput {...field('folder')} description={t('addingCopy.folderHelp')} />
      ) : (
        <>
          <TextInput {...field('endpoint')} description={t('addingCopy.endpointHelp')} inputMode="url" />
          <div className="host-pair">
            <TextInput {...field('region')} />
            <TextInput {...field('bucket')} />
          </div>
          <TextInput {...field('prefix')} description={t('addingCopy.prefixHelp')} />
          <TextInput
            label={t('addingCopy.accessKeyId')}
            value={typed.accessKeyId}
            onChange={(event) => onChange({ ...typed, accessKeyId: event.currentTarget.value })}
            error={errorOf('credentials')}
            autoComplete="off"
            spellCheck={false}
            maxLength={4096}
          />
          <PasswordInput
            label={t('addingCopy.secretAccessKey')}
            description={t('addingCopy.secretHelp')}
            value={typed.secretAccessKey}
            onChange={(event) => onChange({ ...typed, secretAccessKey: event.currentTarget.value })}
            error={errorOf('credentials')}
            // No password of this page's: a browser offers to keep none.
            autoComplete="off"
            visibilityToggleButtonProps={{ 'aria-label': t('addingCopy.showSecret') }}
            maxLength={4096}
          />
          <div className="host-pair">
            <TextInput {...field('lockDays')} inputMode="numeric" />
            <TextInput {...field('tailLockDays')} inputMode="numeric" />
          </div>
          <TextInput {...field('megabytesPerSecond')} description={t('addingCopy.megabytesHelp')} inputMode="numeric" />
        </>
      )}
    </>
  );
}
