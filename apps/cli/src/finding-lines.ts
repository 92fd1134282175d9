import type { CopyFinding } from '@serment/store/copy/finding';
import { describeFinding } from '@serment/store/copy/finding-text';
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

function reachText({ reach }: CopyFinding): string {
  const { from, to, since, until } = reach;
  const entries = from === null || to === null ? '' : `entries ${from} to ${to - 1}`;
  const dates =
    since === null
      ? ''
      : `${instantText(since)}${until === null || until === since ? '' : ` to ${instantText(until)}`}`;
  return [entries, dates].filter((text) => text !== '').join(', ');
}
