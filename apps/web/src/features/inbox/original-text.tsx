import type { TextBlock } from '@serment/records/received/report';
import { useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import type { OriginalText as Original } from '../../worker/inbox-desk.ts';
import { safeName } from '../patients/person.tsx';

interface OriginalTextProps {
  /** What is asked for, so that another one's is never shown. */
  readonly name: string;
  readonly ask: () => Promise<Original>;
  readonly isOpen?: boolean;
}

/** The text that a document came as, behind one press; characters and nothing else. */
export function OriginalText({ name, ask, isOpen: isOpenAtFirst = false }: OriginalTextProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  return (
    <div className="original">
      <button type="button" className="text-button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {t('inbox.original')}
      </button>
      {isOpen ? <Text name={name} ask={ask} /> : null}
    </div>
  );
}

function Text({ name, ask }: Omit<OriginalTextProps, 'isOpen'>) {
  const { t } = useTranslation();
  const { value, error } = useAsked(`original ${name}`, ask);
  if (error !== null) return <Failure error={error} />;
  if (value === null)
    return (
      <p className="muted row-text" role="status">
        {t('inbox.originalLoading')}
      </p>
    );
  return (
    <>
      {value.findings.map(({ code, count }) => (
        <p key={code} className="amber row-text">
          {t(`inbox.finding.${code}`, { count })}
        </p>
      ))}
      {value.blocks.length === 0 ? <p className="muted row-text">{t('inbox.originalNone')}</p> : null}
      <div className="original-blocks">
        {value.blocks.map((block, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: blocks are their places.
          <Block key={place} block={block} />
        ))}
      </div>
    </>
  );
}

function Block({ block }: { readonly block: TextBlock }) {
  const { t } = useTranslation();
  if (block.kind === 'heading') return <h3>{safeName(block.text)}</h3>;
  if (block.kind === 'table')
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled by keyboard.
      <section className="original-wide" aria-label={t('inbox.table')} tabIndex={0}>
        <table>
          <tbody>
            {block.rows.map((row, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows are their places.
              <tr key={place} data-head={block.hasHead && place === 0}>
                {row.map((cell, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: cells are their places.
                  <td key={column}>{safeLines(cell)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    );
  if (block.kind === 'lines')
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keyboard.
      <section className="original-wide" aria-label={t('inbox.original')} tabIndex={0}>
        <pre>{safeLines(block.text)}</pre>
      </section>
    );
  return <p data-kind={block.kind}>{safeLines(block.text)}</p>;
}

/** As `safeName`, its lines and tabs kept. */
function safeLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.split('\t').map(safeName).join('\t'))
    .join('\n');
}
