import { memo, useId } from 'react';

interface TextFieldProps<Name extends string> {
  readonly name: Name;
  readonly label: string;
  readonly text: string;
  readonly isFixed: boolean;
  /** The same function at each keystroke: a field that nobody types in is not drawn again. */
  readonly onChange: (name: Name, text: string) => void;
}

/** One text of a consultation, as tall as what it says. */
function TextFieldOnce<Name extends string>({ name, label, text, isFixed, onChange }: TextFieldProps<Name>) {
  // Several notes of one file may be open at once.
  const id = useId();
  return (
    <div className="note-field">
      <label htmlFor={id}>{label}</label>
      <div className="grow" data-text={text}>
        <textarea
          id={id}
          data-field={name}
          value={text}
          rows={1}
          spellCheck
          readOnly={isFixed}
          onChange={(event) => onChange(name, event.currentTarget.value)}
        />
      </div>
    </div>
  );
}

export const TextField = memo(TextFieldOnce) as typeof TextFieldOnce;
