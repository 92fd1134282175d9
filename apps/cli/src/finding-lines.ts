import type { CopyFinding } from '@serment/store/copy/finding';
import { describeFinding } from '@serment/store/copy/finding-text';
import type { DamageReach } from '@serment/store/copy/reach-count';
import { instantText } from './table.ts';
import type { JsonValue } from './terminal.ts';

const shownFindings = 40;

/** Findings of a copy for a person: code, object, meaning, reach and what to do. */
export function findingLines(findings: readonly CopyFinding[], total: number): string[] {
  const lines = findings.slice(0, shownFindings).flatMap((finding) => {
    const { meaning, action } = describeFinding(finding.code, 'en');
    const where = [finding.object, reachText(finding)].filter((text) => text !== null && text !== '');
    const mark = finding.severity === 'damage' ? '✗' : '·';
    return [
      `${mark} ${finding.code}${finding.detail === null ? '' : ` (${finding.detail})`}  ${where.join('  ')}`.trimEnd(),
      `  ${meaning} ${action}`,
    ];
  });
  const more = total - Math.min(findings.length, shownFindings);
  return more > 0 ? [...lines, `… and ${more} more: --json lists them`] : lines;
}

export function findingJson(finding: CopyFinding): JsonValue {
  const { meaning, action } = describeFinding(finding.code, 'en');
  return { ...finding, reach: { ...finding.reach }, meaning, action };
}

/** How far damages reach, a line for each practice. */
export function reachLines(reach: readonly DamageReach[]): string[] {
  return reach.map(({ practice, damages, entries, streams, isAtLeast, since, until }) => {
    const least = isAtLeast ? 'at least ' : '';
    const touched = entries === 0 ? 'no entry is touched' : `${least}${entries} entries of ${streams} streams touched`;
    const parts = [`${damages} damages`, touched, datesText(since, until)].filter((text) => text !== '');
    return `${practice?.slice(0, 16) ?? 'of no practice'}: ${parts.join(', ')}`;
  });
}

function reachText({ reach }: CopyFinding): string {
  const { from, to, since, until, streamCount } = reach;
  const entries =
    from === null || to === null ? '' : to - from === 1 ? `entry ${from}` : `entries ${from} to ${to - 1}`;
  const streams = streamCount > 1 ? `${streamCount} streams` : '';
  return [entries, streams, datesText(since, until)].filter((text) => text !== '').join(', ');
}

function datesText(since: number | null, until: number | null): string {
  if (since === null) return until === null ? '' : `until ${instantText(until)}`;
  if (until === null) return `after ${instantText(since)}`;
  return since === until ? instantText(since) : `${instantText(since)} to ${instantText(until)}`;
}
