import 'react';

declare module 'react' {
  interface CSSProperties {
    /** A share between 0 and 1, drawn by the style sheet. React sets it through the object model, which the policy allows. */
    '--part'?: number;
  }
}
