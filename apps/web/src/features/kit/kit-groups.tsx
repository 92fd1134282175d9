import { encodeQR } from 'qr';
import { useMemo } from 'react';
import './kit.css';

/** The kit's groups, numbered from 1. */
export function KitGroups({ text }: { readonly text: string }) {
  return (
    <ol className="kit-groups">
      {text.split('-').map((group, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a group is its place.
        <li key={place}>
          <span>{place + 1}</span>
          {group}
        </li>
      ))}
    </ol>
  );
}

interface QrProps {
  readonly text: string;
  readonly size: number;
  /** How much of it may be lost on its way. */
  readonly level?: 'medium' | 'high';
}

/** A QR code drawn as one path. */
export function Qr({ text, size, level = 'medium' }: QrProps) {
  const { path, count } = useMemo(() => qrPath(text, level), [text, level]);
  return (
    <svg
      className="qr"
      width={size}
      height={size}
      viewBox={`0 0 ${count} ${count}`}
      shapeRendering="crispEdges"
      aria-hidden="true"
    >
      <path d={path} />
    </svg>
  );
}

function qrPath(text: string, level: 'medium' | 'high'): { path: string; count: number } {
  const rows = encodeQR(text, 'raw', { ecc: level, border: 4 });
  const runs = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : [])));
  return { path: runs.join(''), count: rows.length };
}
