import type { FileView } from '../../file-view/view.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { PencilMark, PersonMark } from '../../ui/marks.tsx';
import { safeName } from '../patients/person.tsx';
import { othersIn } from './others.ts';
import { usePresence } from './use-presence.ts';
import './presence.css';

const shownPeople = 3;

/** Who else has this file open, or writes in it, while they do. */
export function Presence({ file: { row, merged, mergedInto } }: { readonly file: FileView }) {
  const { t } = useTranslation();
  const read = [row.id, ...merged.map((one) => one.row.id)];
  const present = usePresence(read);
  const people = othersIn(present, mergedInto === null ? read : [...read, mergedInto.id]);
  const more = people.length - shownPeople;
  return (
    <p className="presence" role="status">
      {people.slice(0, shownPeople).map(({ member, name, isSelf, writes }) => {
        const act = writes ? 'writes' : 'open';
        return (
          <span key={member}>
            {writes ? <PencilMark /> : <PersonMark />}{' '}
            {isSelf
              ? t(`presence.self.${act}`)
              : t(`presence.${act}`, { name: name === null ? t('presence.somebody') : safeName(name) })}
          </span>
        );
      })}
      {more > 0 ? <span>{t('presence.more', { count: more })}</span> : null}
    </p>
  );
}
