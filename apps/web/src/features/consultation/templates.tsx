import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import type { TemplateInput, TemplateView } from '../../worker/template-desk.ts';
import { HistorySheet } from '../file/history-sheet.tsx';
import { useKeys } from '../shell/keys.ts';
import { type ConsultationDraft, isEmptyConsultation, templateOf, withTemplate } from './consultation-draft.ts';
import type { SoundDraft } from './consultation-editor.tsx';
import './templates.css';

type TemplateParts = Pick<ConsultationDraft, 'texts' | 'measures' | 'diagnoses' | 'acts'>;

interface Added {
  readonly before: TemplateParts;
  readonly after: TemplateParts;
}

/** What a template adds to. */
function templateParts({ texts, measures, diagnoses, acts }: ConsultationDraft): TemplateParts {
  return { texts, measures, diagnoses, acts };
}

function isSame(one: TemplateParts, other: TemplateParts): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The templates of a consultation, and the way back from one that was added. */
export function Templates({ draft }: { readonly draft: SoundDraft }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [added, setAdded] = useState<Added | null>(null);
  useKeys({ template: () => setOpen(true) });
  const use = (template: TemplateView) => {
    const more = withTemplate(draft.value, template);
    setAdded({ before: templateParts(draft.value), after: templateParts({ ...draft.value, ...more }) });
    draft.change(() => more);
    setOpen(false);
  };
  const takeBack = ({ before }: Added) => {
    draft.change(() => before);
    setAdded(null);
  };
  // What was typed since would go with it.
  const isUntouched = added !== null && isSame(templateParts(draft.value), added.after);
  return (
    <>
      <button type="button" className="text-button" onClick={() => setOpen(true)}>
        {t('templates.open')}
      </button>
      {!isUntouched ? null : (
        <span className="template-applied" role="status">
          {t('templates.applied')}{' '}
          <button type="button" className="text-button" onClick={() => takeBack(added)}>
            {t('templates.takeBack')}
          </button>
        </span>
      )}
      {isOpen ? <TemplateSheet draft={draft.value} onUse={use} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

interface TemplateSheetProps {
  readonly draft: ConsultationDraft;
  readonly onUse: (template: TemplateView) => void;
  readonly onClose: () => void;
}

function TemplateSheet({ draft, onUse, onClose }: TemplateSheetProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { value: templates, error, again } = useAsked('templates', () => engine.desks.templates.list());
  const { isBusy, error: failure, run } = useAttempt();
  const [title, setTitle] = useState('');
  const [removed, setRemoved] = useState<{ readonly id: string; readonly title: string } | null>(null);
  const [history, setHistory] = useState<string | null>(null);
  const save = (input: TemplateInput, onSaved: (id: string) => void = () => undefined) =>
    run(async () => {
      const { id } = await engine.desks.templates.save(input);
      onSaved(id);
      again();
    });
  const content = templateOf(draft);
  const change = (template: TemplateView, changed: Partial<TemplateInput>, onSaved?: (id: string) => void) => {
    const { versions: replaces, ...known } = template;
    return save({ ...known, replaces, ...changed }, onSaved);
  };
  const remove = (template: TemplateView) =>
    void change(template, { status: 'retired' }, (id) => setRemoved({ id, title: template.title }));
  const undo = (save: string) =>
    run(async () => {
      await engine.desks.templates.undo(save);
      setRemoved(null);
      again();
    });
  if (history !== null) return <HistorySheet patient={null} recordId={history} onClose={() => setHistory(null)} />;
  return (
    <Sheet title={t('templates.title')} onClose={onClose}>
      <p className="muted row-text">{t('templates.lead')}</p>
      <Failure error={error ?? failure} />
      {removed === null ? null : (
        <Notice
          tone="plain"
          action={
            <button type="button" className="text-button" disabled={isBusy} onClick={() => void undo(removed.id)}>
              {t('templates.undo')}
            </button>
          }
        >
          {t('templates.removed', { title: removed.title })}
        </Notice>
      )}
      {templates === null && error === null ? (
        <p className="muted" role="status">
          {t('templates.loading')}
        </p>
      ) : null}
      {templates?.length === 0 ? <p className="muted">{t('templates.none')}</p> : null}
      <ul className="template-list">
        {(templates ?? []).map((template) => (
          <li key={template.recordId}>
            <button
              type="button"
              className="template-name"
              aria-label={t('templates.use', { title: template.title })}
              onClick={() => onUse(template)}
            >
              {template.title}
            </button>
            <span className="template-acts">
              {isEmptyConsultation(draft) ? null : (
                <button
                  type="button"
                  className="text-button"
                  disabled={isBusy}
                  onClick={() => void change(template, content)}
                >
                  {t('templates.replace')}
                </button>
              )}
              <button type="button" className="text-button" onClick={() => setHistory(template.recordId)}>
                {t('templates.history')}
              </button>
              <button type="button" className="text-button" disabled={isBusy} onClick={() => remove(template)}>
                {t('templates.remove')}
              </button>
            </span>
          </li>
        ))}
      </ul>
      {isEmptyConsultation(draft) ? null : (
        <form
          className="template-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (title.trim() === '') return;
            const input: TemplateInput = {
              recordId: null,
              replaces: [],
              title: title.trim(),
              status: 'active',
              ...content,
            };
            void save(input, () => setTitle(''));
          }}
        >
          <TextInput
            label={t('templates.name')}
            value={title}
            maxLength={80}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={isBusy} disabled={title.trim() === ''}>
            {t('templates.keep')}
          </Button>
        </form>
      )}
    </Sheet>
  );
}
