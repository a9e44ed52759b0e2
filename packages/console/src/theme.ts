import { type CSSVariablesResolver, createTheme } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'brand',
  primaryShade: { light: 7, dark: 7 },
  colors: {
    brand: [
      '#e9f5f6',
      '#d5eaed',
      '#abd5db',
      '#7cc0c9',
      '#57acb8',
      '#3b98a5',
      '#248391',
      '#176f7c',
      '#0f5d69',
      '#094a54',
    ],
  },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.25rem', lineHeight: '1.75rem' },
      h2: { fontSize: '1rem', lineHeight: '1.5rem' },
      h3: { fontSize: '0.875rem', lineHeight: '1.25rem' },
    },
  },
  // Named by text: an import of each would bring every part into the first page.
  components: {
    Button: { defaultProps: { size: 'sm', variant: 'default' } },
    ActionIcon: { defaultProps: { size: 'md', variant: 'subtle', color: 'gray' } },
    Textarea: { defaultProps: { autosize: true, minRows: 2 } },
    Select: { defaultProps: { checkIconPosition: 'right' } },
    InputWrapper: { defaultProps: { inputWrapperOrder: ['label', 'description', 'input', 'error'] } },
    Modal: { defaultProps: { centered: true, transitionProps: { duration: 120 } } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true, multiline: true } },
  },
});

/** What Mantine names as colours, set so that every text has a contrast of 4.5 to 1 on every ground that it stands on. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': 'var(--u-ground)',
    '--mantine-color-text': 'var(--u-text)',
    '--mantine-color-dimmed': 'var(--u-dim)',
    '--mantine-color-placeholder': 'var(--u-dim)',
    '--mantine-color-error': 'var(--u-bad)',
    '--mantine-color-anchor': 'var(--u-link)',
    '--mantine-color-default-border': 'var(--u-line-strong)',
  },
  dark: {
    '--mantine-color-body': 'var(--u-ground)',
    '--mantine-color-text': 'var(--u-text)',
    '--mantine-color-dimmed': 'var(--u-dim)',
    '--mantine-color-placeholder': 'var(--u-dim)',
    '--mantine-color-error': 'var(--u-bad)',
    '--mantine-color-anchor': 'var(--u-link)',
    '--mantine-color-dark-5': '#2a3036',
    '--mantine-color-dark-6': '#1f2429',
    '--mantine-color-dark-7': '#171b1e',
    '--mantine-color-default': 'var(--u-panel)',
    '--mantine-color-default-hover': 'var(--u-hover)',
    '--mantine-color-default-border': 'var(--u-line-strong)',
  },
});
