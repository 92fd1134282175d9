import { basename } from 'node:path';
import { jsonOneOf, jsonText, parseObject } from '@serment/core/wire/json';
import type { Destination } from '@serment/store/copy/destination';
import { folderDestination } from '@serment/store/copy/folder';

/** How a process is told of a destination that it opens for itself. */
export interface DestinationSource {
  readonly kind: 'folder';
  readonly name: string;
  readonly path: string;
}

/** A copy folder, known to people by the last part of its path. */
export function folderSource(path: string): DestinationSource {
  return { kind: 'folder', name: basename(path), path };
}

export function openDestination({ name, path }: DestinationSource): Destination {
  return folderDestination({ name, path });
}

/** Throws WIRE_INVALID. */
export function parseDestinationSource(value: unknown): DestinationSource {
  const of = parseObject(value, ['kind', 'name', 'path']);
  return { kind: jsonOneOf(['folder'])(of('kind')), name: jsonText(of('name')), path: jsonText(of('path')) };
}
