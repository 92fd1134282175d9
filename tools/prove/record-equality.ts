import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  canonicalJson,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
} from '@serment/records/json-text';

export interface BundleEntry {
  readonly fullUrl: string | null;
  readonly resource: JsonObject;
}

export interface Compared {
  readonly resources: number;
  readonly equal: number;
  readonly references: number;
  readonly resolved: number;
  readonly differences: readonly string[];
}

/** The entries of FHIR bundles in files. */
export async function readBundles(files: readonly string[]): Promise<BundleEntry[]> {
  const entries: BundleEntry[] = [];
  for (const file of files) {
    const bundle = parseJson(await readFile(file, 'utf8'));
    const list = isJsonObject(bundle) ? bundle.entry : undefined;
    for (const entry of isJsonArray(list) ? list : []) {
      if (!(isJsonObject(entry) && isJsonObject(entry.resource))) continue;
      entries.push({ fullUrl: typeof entry.fullUrl === 'string' ? entry.fullUrl : null, resource: entry.resource });
    }
  }
  return entries;
}

/** Every bundle of an export. */
export async function bundleFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => /(^|\/)(bundle|practice)\.json$/.test(name)).map((name) => join(folder, name));
}

/** Compares what was imported with what was exported, character for character of each number. */
export function compareRecords(imported: readonly BundleEntry[], exported: readonly BundleEntry[]): Compared {
  const keyOf = ({ fullUrl, resource }: BundleEntry) => `${fullUrl ?? ''} ${canonicalJson(resource)}`;
  const out = new Set(exported.map(keyOf));
  const differences = imported.filter((entry) => !out.has(keyOf(entry))).map((entry) => nameOf(entry.resource));
  const known = targetsOf(imported);
  const targets = targetsOf(exported);
  const references = imported.flatMap(({ resource }) => referencesIn(resource)).filter((one) => known.has(one));
  const resolved = references.filter((reference) => targets.has(reference));
  const resources = imported.length;
  return {
    ...{ resources, equal: resources - differences.length },
    ...{ references: references.length, resolved: resolved.length, differences: differences.slice(0, 10) },
  };
}

function targetsOf(entries: readonly BundleEntry[]): Set<string> {
  return new Set(
    entries.flatMap(({ fullUrl, resource }) => [...(fullUrl === null ? [] : [fullUrl]), nameOf(resource)]),
  );
}

function nameOf(resource: JsonObject): string {
  return `${String(resource.resourceType)}/${String(resource.id)}`;
}

function referencesIn(value: JsonValue | undefined): string[] {
  if (value === undefined) return [];
  if (isJsonArray(value)) return value.flatMap(referencesIn);
  if (!isJsonObject(value)) return [];
  const own = typeof value.reference === 'string' ? [value.reference] : [];
  return [...own, ...Object.values(value).flatMap(referencesIn)];
}
