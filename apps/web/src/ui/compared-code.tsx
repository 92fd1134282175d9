import './compared-code.css';

interface ComparedCodeProps {
  readonly code: string;
  readonly label: string;
  /** What a test finds it by. */
  readonly name: 'reference' | 'code';
}

/** Eight characters to be read on one screen and found on another: in two groups, as they are said. */
export function ComparedCode({ code, label, name }: ComparedCodeProps) {
  return (
    <p className="compared-code">
      <span className="muted row-text">{label}</span>
      <b data-testid={`compared-${name}`}>
        <span>{code.slice(0, 4)}</span> <span>{code.slice(4)}</span>
      </b>
    </p>
  );
}
