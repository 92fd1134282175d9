import '@fontsource-variable/source-serif-4/index.css';
import '@fontsource-variable/source-sans-3/index.css';
import '@mantine/core/styles/baseline.css';
import '@mantine/core/styles/default-css-variables.css';
import '@mantine/core/styles/global.css';
import '@mantine/core/styles/UnstyledButton.css';
import '@mantine/core/styles/Loader.css';
import '@mantine/core/styles/Button.css';
import '@mantine/core/styles/ActionIcon.css';
import '@mantine/core/styles/Input.css';
import '@mantine/core/styles/InlineInput.css';
import '@mantine/core/styles/PasswordInput.css';
import '@mantine/core/styles/Radio.css';
import '@mantine/core/styles/Popover.css';
import '@mantine/core/styles/Menu.css';
import './tokens.css';
import './mantine.css';
import './base.css';
import { createTheme, type VariantColorsResolver } from '@mantine/core';

const clear = { background: 'transparent', hover: 'var(--tint)', color: 'var(--ink)' };

/** Primary buttons are ink, the others an outline: green is kept for what is proven. */
const variantColorResolver: VariantColorsResolver = ({ variant }) => {
  if (variant === 'default') return { ...clear, border: '1px solid var(--hair)' };
  if (variant === 'quiet' || variant === 'subtle' || variant === 'transparent')
    return { ...clear, border: '1px solid transparent' };
  return { background: 'var(--ink)', hover: 'var(--ink-2)', color: 'var(--paper)', border: '1px solid var(--ink)' };
};

export const theme = createTheme({
  fontFamily: 'var(--sans)',
  defaultRadius: 7,
  respectReducedMotion: true,
  variantColorResolver,
  components: {
    Button: { defaultProps: { variant: 'filled' } },
  },
});
