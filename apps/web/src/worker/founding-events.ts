import { bytesToHex } from '@serment/core/bytes';
import { governanceStream } from '@serment/core/journal/header';
import type { Practice } from '@serment/replica/practice';
import type { EventBody, VaultEvent } from '@serment/replica/vault';

/** Who joined and with what, newest first, however old: the engine's own list reads only the newest entries. */
export async function governanceEvents(practice: Practice, before: number): Promise<VaultEvent[]> {
  const { mirror } = practice;
  const events: VaultEvent[] = [];
  for (const index of mirror.entriesOf(governanceStream)) {
    if (index >= before) break;
    const { header, receivedAt } = await mirror.entry(index);
    const author = mirror.governance.authors.get(bytesToHex(header.author));
    const body = bodyOf(header.body, author?.type === 'kit');
    if (body === null) continue;
    const by = author?.member == null ? null : practice.memberName(author.member);
    events.unshift({ index, receivedAt, by, isHost: author?.type === 'host', body });
  }
  return events;
}

function bodyOf(
  body: Awaited<ReturnType<Practice['mirror']['entry']>>['header']['body'],
  byKit: boolean,
): EventBody | null {
  switch (body.kind) {
    case 'genesis':
      return { kind: 'genesis' };
    case 'device':
      return {
        kind: 'device',
        member: bytesToHex(body.member),
        author: bytesToHex(body.author),
        label: body.label,
        byKit,
      };
    case 'kit':
      return { kind: 'kit', member: bytesToHex(body.member), testValue: body.testValue };
    case 'revoke':
      return { kind: 'revoke', author: bytesToHex(body.author) };
    case 'host':
      return { kind: 'host', hostAuthor: bytesToHex(body.hostAuthor) };
    case 'restore-ack':
      return { kind: 'restore-ack', fence: body.fence, size: body.size };
    default:
      return null;
  }
}
