import type { FileAccess } from '@serment/replica/restrictions';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine, useStatus } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { FormEnd } from '../../ui/form-end.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useRoleText } from '../members/member-words.ts';
import '../../ui/choices.css';

interface AccessSheetProps {
  readonly patient: string;
  readonly access: FileAccess;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Keeps a file to some, or gives it back to all who read medical files. */
export function AccessSheet({ patient, access: { isRestricted, readers }, onClose, onDone }: AccessSheetProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const self = useStatus()?.member ?? '';
  const [isForAll, setForAll] = useState(!isRestricted);
  const [named, setNamed] = useState<readonly string[]>(() => [
    ...readers.flatMap(({ member, isNamed }) => (isNamed || (!isRestricted && member === self) ? [member] : [])),
  ]);
  const roleText = useRoleText();
  const [isTried, setTried] = useState(false);
  const { isBusy, error, run } = useAttempt();
  const name = (member: string, isNamed: boolean) =>
    setNamed((before) => (isNamed ? [...before, member] : before.filter((one) => one !== member)));
  const isNobody = !isForAll && named.length === 0;
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isNobody) return;
    await run(async () => {
      await engine.desks.access.restrict(patient, isForAll ? null : named);
      onDone();
    });
  };
  return (
    <Sheet title={t('file.access.sheetTitle')} isBusy={isBusy} onClose={onClose}>
      <form className="access-sheet" onSubmit={(event) => void send(event)}>
        <fieldset className="choices" aria-label={t('file.access.sheetTitle')}>
          <label>
            <input type="radio" name="access" checked={isForAll} onChange={() => setForAll(true)} />
            {t('file.access.everybody')}
          </label>
          <label>
            <input type="radio" name="access" checked={!isForAll} onChange={() => setForAll(false)} />
            {t('file.access.named')}
          </label>
        </fieldset>
        {isForAll ? null : (
          <fieldset className="choices access-names" aria-label={t('file.access.named')}>
            {readers.map((reader) => (
              <label key={reader.member}>
                <input
                  type="checkbox"
                  checked={named.includes(reader.member)}
                  onChange={(event) => name(reader.member, event.currentTarget.checked)}
                />
                <span>
                  {reader.name ?? t('file.someone')}
                  <span className="muted">
                    {` · ${reader.member === self ? t('file.access.self') : roleText(reader.role)}`}
                  </span>
                </span>
              </label>
            ))}
          </fieldset>
        )}
        {isTried && isNobody ? (
          <p className="red" role="alert">
            {t('file.access.nobody')}
          </p>
        ) : null}
        {isForAll || isNobody || named.includes(self) ? null : <p className="amber">{t('file.access.withoutSelf')}</p>}
        <p className="muted">{t('file.access.rule')}</p>
        <FormEnd error={error} isBusy={isBusy} submit={t('file.access.save')} onCancel={onClose} />
      </form>
    </Sheet>
  );
}
