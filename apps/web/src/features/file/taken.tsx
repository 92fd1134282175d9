import type { TakenDraft } from '../../file-view/draft-key.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';

/** Whose draft was taken over, and from when. */
export function Taken({ member, updatedAt }: TakenDraft) {
  const { t } = useTranslation();
  const format = useFormat();
  const engine = useEngine();
  const { value: name } = useAsked(`name ${member}`, () => engine.desks.members.memberName(member));
  const when = t('time.at', { day: format.day(updatedAt), time: format.time(updatedAt) });
  return t('note.taken', { name: name ?? t('file.someone'), when });
}
