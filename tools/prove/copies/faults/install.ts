import { installDatabaseCalls } from './database-calls.ts';
import { installFileCalls } from './file-calls.ts';
import { virtualTime } from './virtual-time.ts';

// Loaded before the program (`node --import`): what the program then imports of the system are the calls that ask first.
virtualTime.install();
installDatabaseCalls();
await installFileCalls();
