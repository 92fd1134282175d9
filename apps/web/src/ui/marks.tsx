import type { Shield } from '../shield/shield.ts';

interface MarkProps {
  readonly size?: number;
}

/** One tick: durable at the host. Two: a copy holds it too. */
export function Tick({ isDouble = false }: { readonly isDouble?: boolean }) {
  return (
    <svg className="mark" width="17" height="12" viewBox="0 0 17 12" aria-hidden="true">
      <path d="M1 6.5l3.5 3.5L11 2.5" />
      {isDouble ? <path d="M8.2 9.2l.8.8L16 2.5" /> : null}
    </svg>
  );
}

/** A hollow clock: on this device only. */
export function Clock({ size = 12 }: MarkProps) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 12 12" aria-hidden="true">
      <circle cx="6" cy="6" r="5" />
      <path d="M6 3.300V6l1.900 1.300" />
    </svg>
  );
}

export function Triangle({ size = 14 }: MarkProps) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 14 14" aria-hidden="true">
      <path d="M7 1.600l5.700 10.300H1.300z" />
      <path d="M7 5.600v3M7 10.300v.01" />
    </svg>
  );
}

export function Octagon({ size = 14 }: MarkProps) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 14 14" aria-hidden="true">
      <path d="M4.500 1h5L13 4.500v5L9.500 13h-5L1 9.500v-5z" />
      <path d="M7 3.900v3.700M7 10v.01" />
    </svg>
  );
}

function ShieldOutline({ isChecked }: { readonly isChecked: boolean }) {
  return (
    <svg className="mark" width="15" height="16" viewBox="0 0 15 16" aria-hidden="true">
      <path d="M7.5 1l5.600 2v4.200c0 3.500-2.300 6.300-5.600 7.600C4.200 13.500 1.900 10.700 1.900 7.200V3z" />
      {isChecked ? <path d="M4.900 7.600l1.900 1.900 3.400-3.700" /> : null}
    </svg>
  );
}

export function ShieldMark({ shape }: { readonly shape: Shield['shape'] }) {
  if (shape === 'clock') return <Clock size={14} />;
  if (shape === 'triangle') return <Triangle />;
  if (shape === 'octagon') return <Octagon />;
  return <ShieldOutline isChecked={shape === 'check'} />;
}

/** Somebody who looks on. */
export function PersonMark() {
  return (
    <svg className="mark" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      <circle cx="6" cy="3.600" r="2.200" />
      <path d="M1.600 11c.4-2.600 2-3.900 4.400-3.900s4 1.300 4.400 3.900" />
    </svg>
  );
}

/** Somebody who writes. */
export function PencilMark() {
  return (
    <svg className="mark" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      <path d="M1.500 10.500l.6-2.600 6.200-6.200 2 2-6.200 6.200zM7.100 2.900l2 2" />
    </svg>
  );
}

export function Cross() {
  return (
    <svg className="mark" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      <path d="M2 2l8 8M10 2l-8 8" />
    </svg>
  );
}

export function Arrow() {
  return (
    <svg className="mark" width="14" height="12" viewBox="0 0 14 12" aria-hidden="true">
      <path d="M6 1.500L1.500 6 6 10.500M2 6h11" />
    </svg>
  );
}
