import { Input } from '@mantine/core';
import { type Cim10Search, cim10Search } from '@serment/records/cim10/search';
import type { Cim10Line } from '@serment/records/cim10/table';
import type { Diagnosis } from '@serment/records/fhir/condition';
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import './coding.css';

interface DiagnosisFieldProps {
  readonly value: Diagnosis;
  readonly onChange: (value: Diagnosis) => void;
  /** Its label; *Diagnostic* unless said otherwise. */
  readonly label?: string;
  readonly description?: string;
  readonly placeholder?: string;
  readonly error?: string | null;
  readonly isRequired?: boolean;
  readonly isDisabled?: boolean;
  readonly autoFocus?: boolean;
  /** A larger table that the practice loaded; the same array as long as it is the same table. */
  readonly table?: readonly Cim10Line[];
}

const shownLines = 8;
let common: Cim10Search | undefined;

/**
 * A diagnosis, in words of which a code may be chosen. What is typed stays text until a line is chosen, and becomes text
 * again as soon as it is changed: a code never stands beside words that nobody chose with it.
 */
export function DiagnosisField(props: DiagnosisFieldProps) {
  const { value, onChange, error = null, table } = props;
  const { t } = useTranslation();
  const base = useId();
  const search = useMemo(() => searchIn(table), [table]);
  const [isOpen, setOpen] = useState(false);
  /** Null while the caret is in the text: Enter then takes no line. */
  const [active, setActive] = useState<number | null>(null);
  const lines = isOpen && value.code === null ? search(value.text, shownLines) : [];
  const at = active === null || active >= lines.length ? null : active;
  const close = () => {
    setOpen(false);
    setActive(null);
  };
  const choose = (line: Cim10Line) => {
    onChange({ code: line.code, text: line.label });
    close();
  };
  const onKeys = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (!isOpen) setOpen(true);
      else setActive(stepTo(at, step, lines.length));
    }
    const line = at === null ? undefined : lines[at];
    // Without a line that was gone to, Enter is the form's, and what it saves is looked for no more.
    if (event.key === 'Enter' && line === undefined) close();
    if (event.key === 'Enter' && line !== undefined) {
      event.preventDefault();
      choose(line);
    }
    if (event.key === 'Escape' && lines.length > 0) {
      // The sheet around it stays open: the first Escape only closes the list.
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };
  return (
    <Input.Wrapper
      id={base}
      className="diagnosis-field"
      label={props.label ?? t('coding.diagnosis')}
      description={props.description}
      error={error}
      withAsterisk={props.isRequired ?? false}
      labelProps={{ htmlFor: base }}
    >
      <div className="diagnosis-entry">
        <Input
          role="combobox"
          aria-expanded={lines.length > 0}
          aria-controls={`${base}-list`}
          aria-autocomplete="list"
          withAria={false}
          // Without its own ARIA the field takes neither from its props.
          attributes={{ input: { id: base, disabled: props.isDisabled ?? false } }}
          aria-invalid={error !== null}
          aria-describedby={[
            error === null ? '' : `${base}-error`,
            props.description === undefined ? '' : `${base}-description`,
            `${base}-code`,
          ]
            .join(' ')
            .trim()}
          aria-required={props.isRequired ?? false}
          {...(at === null ? {} : { 'aria-activedescendant': `${base}-${at}` })}
          autoFocus={props.autoFocus ?? false}
          disabled={props.isDisabled ?? false}
          error={error !== null}
          placeholder={props.placeholder}
          value={value.text}
          onChange={(event) => {
            onChange({ code: null, text: event.currentTarget.value });
            setOpen(true);
            setActive(null);
          }}
          onKeyDown={onKeys}
          onBlur={close}
          spellCheck
          autoComplete="off"
        />
        <span id={`${base}-code`} className="diagnosis-code">
          {value.code === null ? '' : t('coding.code', { code: value.code })}
        </span>
        <div
          className="diagnosis-list"
          role="listbox"
          id={`${base}-list`}
          aria-label={props.label ?? t('coding.diagnosis')}
          tabIndex={-1}
          hidden={lines.length === 0}
          // The caret stays in the field: a press on a line is no way out of it.
          onPointerDown={(event) => event.preventDefault()}
        >
          {lines.map((line, place) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys go through the input.
            // biome-ignore lint/a11y/useFocusableInteractive: keys go through the input.
            <div
              key={line.code}
              className="diagnosis-line"
              role="option"
              id={`${base}-${place}`}
              aria-selected={place === at}
              onPointerMove={() => setActive(place)}
              onClick={() => choose(line)}
            >
              <span>{line.label}</span>
              <span className="muted">{line.code}</span>
            </div>
          ))}
        </div>
      </div>
      <p className="hidden-text" role="status">
        {lines.length > 0 ? t('coding.results', { count: lines.length }) : ''}
      </p>
    </Input.Wrapper>
  );
}

function searchIn(table: readonly Cim10Line[] | undefined): Cim10Search {
  if (table !== undefined) return cim10Search(table);
  common ??= cim10Search();
  return common;
}

/** Through the lines and back into the text between the last and the first. */
function stepTo(at: number | null, step: number, count: number): number | null {
  if (count === 0) return null;
  if (at === null) return step > 0 ? 0 : count - 1;
  const next = at + step;
  return next < 0 || next >= count ? null : next;
}
