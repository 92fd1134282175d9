import { type FileSystem, nodeFileSystem, type WritableFile } from '../../src/copy/file-system.ts';

/** A file system whose calls that write are counted, and fail when a test says so. */
export class FaultyFileSystem implements FileSystem {
  readonly calls: string[] = [];
  /** Returns the code of the error to throw, or null. */
  fault: (call: string, number: number) => string | null = () => null;

  async createFile(path: string): Promise<WritableFile> {
    this.#call('create');
    const file = await nodeFileSystem.createFile(path);
    return {
      write: async (bytes) => {
        this.#call('write');
        await file.write(bytes);
      },
      sync: async () => {
        this.#call('sync');
        await file.sync();
      },
      close: () => file.close(),
    };
  }

  async link(from: string, to: string): Promise<void> {
    this.#call('link');
    await nodeFileSystem.link(from, to);
  }

  async remove(path: string): Promise<void> {
    this.#call('remove');
    await nodeFileSystem.remove(path);
  }

  async makeFolder(path: string): Promise<void> {
    this.#call('folder');
    await nodeFileSystem.makeFolder(path);
  }

  async syncFolder(path: string): Promise<void> {
    this.#call('sync-folder');
    await nodeFileSystem.syncFolder(path);
  }

  async syncFile(path: string): Promise<void> {
    this.#call('sync-file');
    await nodeFileSystem.syncFile(path);
  }

  #call(call: string): void {
    this.calls.push(call);
    const code = this.fault(call, this.calls.length);
    if (code !== null) throw Object.assign(new Error(`${code}: made by a test`), { code, syscall: call });
  }
}
