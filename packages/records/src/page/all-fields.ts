import { isFields, narrativeText, scalarText } from './element-text.ts';
import { escapeHtml } from './escape.ts';

const maxDepth = 40;

/** Every field of a resource as a table, a row per value, in the order received: nothing is interpreted, nothing is left out. */
export function allFieldsTable(resource: unknown): string {
  const rows: string[] = [];
  collect(resource, '', 0, rows);
  return `<table class="fields"><tbody>${rows.join('')}</tbody></table>`;
}

function collect(value: unknown, path: string, depth: number, rows: string[]): void {
  if (Array.isArray(value) && depth < maxDepth && value.length > 0) {
    value.forEach((item, index) => {
      collect(item, value.length === 1 ? path : `${path} ${index + 1}`, depth + 1, rows);
    });
  } else if (isFields(value) && depth < maxDepth && Object.keys(value).length > 0) {
    for (const [name, item] of Object.entries(value))
      collect(item, path === '' ? name : `${path} › ${name}`, depth + 1, rows);
  } else {
    rows.push(`<tr><th scope="row">${escapeHtml(path)}</th><td>${escapeHtml(shown(value, path))}</td></tr>`);
  }
}

function shown(value: unknown, path: string): string {
  if (typeof value === 'string') {
    const text = path.endsWith('div') ? narrativeText(value) : value;
    return text === '' ? '""' : text;
  }
  return scalarText(value) || (JSON.stringify(value) ?? '');
}
