import { type Remote, wrap } from 'comlink';
import { useEffect, useRef } from 'react';
import type { DocumentWork } from '../../document-worker/document-worker.ts';
import workerUrl from '../../document-worker/document-worker.ts?worker&url';
import { trustedScriptUrl } from '../../worker/trusted-url.ts';

/** Longer than any honest document takes on a slow machine. */
const patienceMs = 90_000;

/** A worker without keys that looks at what comes from outside; a file that keeps it too long is given up with it. */
export class DocumentWorker {
  #worker: Worker | null = null;
  #work: Remote<DocumentWork> | null = null;

  /** Null where it took too long, or broke. */
  async ask<Answer>(act: (work: Remote<DocumentWork>) => Promise<Answer>): Promise<Answer | null> {
    this.#worker ??= new Worker(trustedScriptUrl(workerUrl), { type: 'module', name: 'documents' });
    this.#work ??= wrap<DocumentWork>(this.#worker);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, patienceMs, 'late');
    });
    try {
      const answer = await Promise.race([act(this.#work), late]);
      if (answer !== 'late') return answer;
      this.end();
      return null;
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  end(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#work = null;
  }
}

/** One for as long as a sheet is open. */
export function useDocumentWorker(): DocumentWorker {
  const held = useRef<DocumentWorker>(null);
  held.current ??= new DocumentWorker();
  const worker = held.current;
  useEffect(() => () => worker.end(), [worker]);
  return worker;
}
