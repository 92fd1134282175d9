import type { MemberView } from '@serment/replica/vault';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { FormEnd } from '../../ui/form-end.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { TermFields } from './term-fields.tsx';
import { formTerm, termForm, termProblems } from './term-form.ts';

interface TermSheetProps {
  readonly member: MemberView;
  readonly name: string;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** From which day to which day somebody may act. It can be changed again. */
export function TermSheet({ member, name, onClose, onDone }: TermSheetProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const [form, setForm] = useState(() => termForm(member.term));
  const [isTried, setTried] = useState(false);
  const { isBusy, error, run } = useAttempt();
  const problems = termProblems(form, Date.now());
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problems).length > 0) return;
    await run(async () => {
      await engine.desks.members.setTerm(member.member, formTerm(form));
      onDone();
    });
  };
  return (
    <Sheet title={t('members.term.title', { name })} isBusy={isBusy} onClose={onClose}>
      <form className="member-sheet" onSubmit={(event) => void send(event)}>
        <TermFields form={form} onChange={setForm} problems={isTried ? problems : {}} />
        <FormEnd error={error} isBusy={isBusy} submit={t('members.term.save')} onCancel={onClose} />
      </form>
    </Sheet>
  );
}
