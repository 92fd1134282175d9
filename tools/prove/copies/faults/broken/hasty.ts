import { GroupWriter } from '../../../../../packages/store/src/journal/group-writer.ts';

const laterMs = 300;

// A product that acknowledges what the database is to be given a little later.
const { write } = GroupWriter.prototype;
GroupWriter.prototype.write = async function (...args) {
  setTimeout(() => write.apply(this, args).catch(() => undefined), laterMs);
  return true;
};
