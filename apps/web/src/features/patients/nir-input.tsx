import { TextInput, type TextInputProps } from '@mantine/core';
import type { FormEvent } from 'react';
import { shownNir, typedNir } from './typed-nir.ts';

interface NirInputProps extends Omit<TextInputProps, 'value' | 'onChange' | 'inputMode'> {
  readonly value: string;
  /** With the number without spaces. */
  readonly onChange: (value: string) => void;
}

/** The field of a NIR: in groups while it is typed, as it is everywhere else. A keyboard of digits alone would have no 2A. */
export function NirInput({ value, onChange, ...rest }: NirInputProps) {
  const before = shownNir(value);
  const type = ({ currentTarget: field, nativeEvent }: FormEvent<HTMLInputElement>) => {
    const { inputType = '' } = nativeEvent as InputEvent;
    const caret = field.selectionStart ?? field.value.length;
    const typed = typedNir({ before, text: field.value, caret, inputType });
    // Put here before React draws it: it leaves a field that holds the right text, and the caret in it, as they are.
    if (field.value !== typed.shown) field.value = typed.shown;
    field.setSelectionRange(typed.caret, typed.caret);
    onChange(typed.value);
  };
  return <TextInput {...rest} autoCapitalize="characters" spellCheck={false} value={before} onChange={type} />;
}
