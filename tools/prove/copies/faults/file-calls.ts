import { constants, statSync } from 'node:fs';
import fs, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { resolve } from 'node:path';
import { injector, type Verdict } from './injector.ts';
import type { File } from './unsynced.ts';

type Call = (...args: never[]) => Promise<unknown>;

interface OpenFile {
  readonly path: string;
  /** Null for a file that stood before, or a folder. */
  readonly file: File | null;
}

const opened = new WeakMap<FileHandle, OpenFile>();

/** Has every call of `node:fs/promises` that writes ask the injector first, and tells what it leaves to be synced. */
export async function installFileCalls(): Promise<void> {
  const before: Record<string, Call> = { ...(fs as unknown as Record<string, Call>) };
  const original = (name: string): Call => {
    const call = before[name];
    if (call === undefined) throw new RangeError(`node:fs/promises has no ${name}`);
    return call;
  };
  const patched: Record<string, Call> = { open: openCall(original('open')) };
  for (const name of ['link', 'symlink', 'rename', 'mkdir', 'mkdtemp', 'rm', 'rmdir', 'unlink', 'copyFile'] as const)
    patched[name] = nameCall(name, original(name));
  for (const name of ['chmod', 'chown', 'lchown', 'utimes', 'truncate']) patched[name] = nameCall(name, original(name));
  for (const name of ['writeFile', 'appendFile']) patched[name] = wholeFileCall(name, original(name));
  Object.assign(fs, patched);
  syncBuiltinESMExports();
  await patchHandles(original('open'));
}

function fault(code: 'EIO' | 'ENOSPC', call: string): Error {
  return Object.assign(new Error(`${code}: injected, ${call}`), { code, syscall: call, errno: -5 });
}

/** Does a write as the verdict says; `half` does a part of it. */
async function carryOut<Result>(
  call: string,
  verdict: Verdict,
  { done, half }: { done: () => Promise<Result>; half?: () => Promise<Result> },
): Promise<Result> {
  if (verdict === 'error') throw fault('EIO', call);
  if (verdict === 'full') throw fault('ENOSPC', call);
  if (verdict === 'short' && half !== undefined) return half();
  const result = await done();
  if (verdict === 'unanswered') throw fault('EIO', call);
  return result;
}

function nameCall(name: string, original: Call): Call {
  const isRemoval = ['rm', 'rmdir', 'unlink'].includes(name);
  return async (...args) => {
    const takesRoom = !(isRemoval || ['chmod', 'chown', 'lchown', 'utimes'].includes(name));
    const verdict = await injector.verdict(fileWrite(name), takesRoom);
    return carryOut(name, verdict, {
      async done() {
        const paths = args.map((one) => (typeof one === 'string' ? resolve(one) : ''));
        if (injector.isOn) beforeNames(name, paths);
        const result = await original(...args);
        if (injector.isOn) afterNames(name, paths, nameMade(name, args, result));
        return result;
      },
    });
  };
}

function beforeNames(name: string, [first = '', second = '']: readonly string[]): void {
  const { unsynced } = injector;
  if (name === 'rm' || name === 'rmdir' || name === 'unlink') unsynced.removing(first);
  if (name === 'rename') unsynced.renaming(first, second);
}

function afterNames(name: string, [first = '', second = '']: readonly string[], made: string | null): void {
  const { unsynced } = injector;
  if (name === 'link') unsynced.linked(first, second);
  if (name === 'symlink' || name === 'copyFile') unsynced.created(second);
  if (made !== null) unsynced.madeFolder(made);
}

/** The folder that came to be, the outermost of several; null where none did. */
function nameMade(name: string, [path, options]: readonly unknown[], result: unknown): string | null {
  if (name === 'mkdtemp' || (name === 'mkdir' && typeof result === 'string')) return String(result);
  const isRecursive = typeof options === 'object' && options !== null && 'recursive' in options && options.recursive;
  return name === 'mkdir' && isRecursive !== true ? resolve(String(path)) : null;
}

function openCall(original: Call): Call {
  return async (...args) => {
    const [path, flags] = args as unknown as [string, string | number | undefined];
    const writes = typeof flags === 'number' ? (flags & constants.O_CREAT) !== 0 : /[wa+]/.test(flags ?? 'r');
    const open = async () => {
      const handle = (await original(...args)) as FileHandle;
      const name = resolve(path);
      const file = writes && injector.isOn ? injector.unsynced.created(name) : injector.unsynced.known(name);
      opened.set(handle, { path: name, file: file ?? null });
      return handle;
    };
    if (!writes) return open();
    const verdict = await injector.verdict(fileWrite('create'), true);
    if (verdict !== 'unanswered') return carryOut('create', verdict, { done: open });
    await (await open()).close();
    throw fault('EIO', 'create');
  };
}

function wholeFileCall(name: string, original: Call): Call {
  return async (...args) => {
    const [target, content] = args as unknown as [unknown, unknown];
    if (typeof target !== 'string') return original(...args);
    const verdict = await injector.verdict(fileWrite(name, true), true);
    const bytes = Buffer.from(content as string);
    const put = async (some: Uint8Array) => {
      await original(target as never, some as never, ...(args.slice(2) as never[]));
      if (injector.isOn) injector.unsynced.wrote(injector.unsynced.created(resolve(target)), some.length);
    };
    return carryOut(name, verdict, {
      done: () => put(bytes),
      async half() {
        await put(bytes.subarray(0, bytes.length >> 1));
        throw fault('EIO', name);
      },
    });
  };
}

/** Of the class of open files, which Node does not export. */
async function patchHandles(original: Call): Promise<void> {
  const handle = (await original('/dev/null' as never)) as FileHandle;
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  const { write, writeFile, sync, datasync } = prototype;
  const wrote = (file: FileHandle, bytes: number) => {
    const of = opened.get(file)?.file;
    if (of !== null && of !== undefined) injector.unsynced.wrote(of, bytes);
  };
  prototype.write = async function (this: FileHandle, bytes: Uint8Array, ...where: (number | null | undefined)[]) {
    const [offset, length, at] = [where[0] ?? 0, where[1], where[2]];
    const verdict = await injector.verdict(fileWrite('write', true), true);
    const put = async (count: number) => {
      const result = await write.call(this, bytes, offset, count, at ?? null);
      wrote(this, result.bytesWritten);
      return result;
    };
    const whole = length ?? bytes.length - offset;
    return carryOut('write', verdict, { done: () => put(whole), half: () => put(Math.ceil(whole / 2)) });
  };
  prototype.writeFile = async function (this: FileHandle, content: string | Uint8Array, ...rest: unknown[]) {
    const verdict = await injector.verdict(fileWrite('write', true), true);
    const bytes = Buffer.from(content as string);
    const put = async (some: Uint8Array) => {
      await writeFile.call(this, some, ...rest);
      wrote(this, some.length);
    };
    return carryOut('write', verdict, {
      done: () => put(bytes),
      // Node itself goes on after a short write of a whole file: what is left then fails.
      async half() {
        await put(bytes.subarray(0, bytes.length >> 1));
        throw fault('ENOSPC', 'write');
      },
    });
  };
  prototype.sync = syncCall(sync);
  prototype.datasync = syncCall(datasync);
}

function fileWrite(call: string, hasBytes = false) {
  return { call, isDatabase: false, hasBytes, isAnswered: true, changes: true };
}

function syncCall(original: (this: FileHandle) => Promise<void>) {
  return async function (this: FileHandle): Promise<void> {
    const of = opened.get(this);
    const isFolder = of !== undefined && of.file === null && statSync(of.path).isDirectory();
    const call = isFolder ? 'sync folder' : 'sync';
    const verdict = await injector.verdict(fileWrite(call), !isFolder);
    await carryOut(call, verdict, {
      done: async () => {
        const bytes = of?.file?.written ?? 0;
        await original.call(this);
        if (isFolder) injector.unsynced.syncedFolder(of.path);
        else if (of?.file) injector.unsynced.syncedFile(of.file, bytes);
      },
    });
  };
}
