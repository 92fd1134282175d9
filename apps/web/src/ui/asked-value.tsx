import type { ReactNode } from 'react';
import type { Asked } from '../session/use-session.ts';
import { Failure } from './failure.tsx';

interface AskedValueProps<Value> {
  readonly asked: Asked<Value>;
  /** What is said while the first answer is awaited. */
  readonly loading: string;
  readonly children: (value: Value) => ReactNode;
}

/** What was asked for, once it came. A question asked again that fails says so above what stands, and hides nothing. */
export function AskedValue<Value>({ asked: { value, error }, loading, children }: AskedValueProps<Value>) {
  return (
    <>
      <Failure error={error} />
      {value !== null ? (
        children(value)
      ) : error === null ? (
        <p className="muted row-text" role="status">
          {loading}
        </p>
      ) : null}
    </>
  );
}
