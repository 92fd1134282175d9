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

/** A QR code drawn as one path. */
export function Qr({ text, size }: { readonly text: string; readonly size: number }) {
  const { path, count } = useMemo(() => qrPath(text), [text]);
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

function qrPath(text: string): { path: string; count: number } {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 4 });
  const runs = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : [])));
  return { path: runs.join(''), count: rows.length };
}
