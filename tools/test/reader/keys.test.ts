import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assertRefused,
  type Bytes,
  bytes,
  bytesOrNull,
  check,
  codeOf,
  hex,
  type Kit,
  reader,
  vectorText,
} from './reader.ts';

type KeysVectors = {
  seeds: { name: string; seed: string; identity: string; recipient: string; author: string }[];
  recipients: { name: string; text: string; error: string }[];
  signatures: { name: string; author: string; message: string; signature: string; valid: boolean }[];
  epochs: {
    epochKey: string;
    check: string;
    payloadInputKey: string;
    draftInputKey: string;
    cacheInputKey: string;
    streamKey: string;
  }[];
  streams: { firstEpochKey: string; name: string; stream: string }[];
  sealedKeys: {
    name: string;
    epochKey: string;
    practice: string;
    compartment: string;
    number: number;
    use: 'inbox' | 'previous';
    sealed: string;
    secret: string;
    error?: string;
  }[];
  wraps: {
    name: string;
    seed: string;
    purpose: string;
    practice: string | null;
    subject: [string, number];
    wrap: string;
    secret: string;
    error?: string;
  }[];
  reasons: {
    name: string;
    epochKey: string;
    practice: string;
    stream: string;
    author: string;
    sealed: string;
    reason: string;
    error?: string;
  }[];
  deposits: {
    name: string;
    inboxSeed: string;
    practice: string;
    author: string;
    epoch: number;
    privateKey: string;
    wrap: string;
    sealed: string;
    secret: string;
    wrapError?: string;
    ownError?: string;
  }[];
  accountSecrets: {
    name: string;
    exportKey: string;
    account: string;
    sealed: string;
    secret: string;
    error?: string;
  }[];
  accountSecretsOfMembers: {
    name: string;
    memberSeed: string;
    account: string;
    generation: number;
    sealed: string;
    secret: string;
    error?: string;
  }[];
  passkeyInputs: { practice: string; author: string; input: string }[];
  deviceSeeds: {
    name: string;
    way: 'password' | 'pin' | 'card' | 'passkey';
    share: string;
    deviceSecret: string;
    practice: string;
    author: string;
    sealed: string;
    seed: string;
    error?: string;
  }[];
};

test('seeds, signatures, epochs and wraps are those of keys.json', () => {
  const vectors: KeysVectors = JSON.parse(vectorText('keys'));
  for (const { name, seed, identity, recipient, author } of vectors.seeds) {
    assert.equal(reader.identityText(bytes(seed)), identity, name);
    assert.equal(reader.recipientText(reader.recipientOfSeed(bytes(seed))), recipient, name);
    assert.deepEqual(reader.parseRecipient(recipient), reader.recipientOfSeed(bytes(seed)), name);
    assert.equal(hex(reader.authorOfSeed(bytes(seed))), author, name);
  }
  for (const { name, text, error } of vectors.recipients) {
    assert.equal(
      codeOf(() => reader.parseRecipient(text)),
      error,
      name,
    );
  }
  for (const { name, author, message, signature, valid } of vectors.signatures) {
    assert.equal(reader.verifySignature(bytes(author), bytes(message), bytes(signature)), valid, name);
  }
  for (const epoch of vectors.epochs) {
    const derived = (use: string) => hex(reader.derive(bytes(epoch.epochKey), `serment/${use}/1`));
    assert.equal(hex(reader.epochCheck(bytes(epoch.epochKey))), epoch.check);
    assert.equal(derived('payload'), epoch.payloadInputKey);
    assert.equal(derived('draft'), epoch.draftInputKey);
    assert.equal(derived('cache'), epoch.cacheInputKey);
    assert.equal(derived('stream'), epoch.streamKey);
  }
  for (const { firstEpochKey, name, stream } of vectors.streams) {
    assert.equal(hex(reader.streamId(bytes(firstEpochKey), name)), stream, name);
  }
  for (const scenario of vectors.sealedKeys) {
    const { epochKey, practice, sealed } = scenario;
    const parts = { ...scenario, epochKey: bytes(epochKey), scope: bytes(practice), sealed: bytes(sealed) };
    check(
      scenario,
      () => hex(reader.openEpochSecret(parts)),
      () => scenario.secret,
    );
  }
  for (const scenario of vectors.wraps) {
    const { seed, wrap, purpose, practice, subject } = scenario;
    const [what, number] = subject;
    const expected = {
      purpose,
      practice: bytesOrNull(practice),
      subject: [purpose === 'member' ? bytes(what) : what, number] satisfies [Bytes | string, number],
    };
    check(
      scenario,
      () => hex(reader.openWrap(bytes(seed), bytes(wrap), expected)),
      () => scenario.secret,
    );
  }
});

test('the reasons of keys.json open, and no other', () => {
  const vectors: KeysVectors = JSON.parse(vectorText('keys'));
  for (const scenario of vectors.reasons) {
    const { epochKey, practice, stream, author, sealed } = scenario;
    const scope = { practice: bytes(practice), stream: bytes(stream), author: bytes(author) };
    check(
      scenario,
      () => reader.openReason({ epochKey: bytes(epochKey), ...scope, sealed: bytes(sealed) }),
      () => scenario.reason,
    );
  }
});

test('the deposits of keys.json open from their inbox and by their author, and no other', () => {
  const vectors: KeysVectors = JSON.parse(vectorText('keys'));
  for (const { name, secret, wrapError, ownError, ...deposit } of vectors.deposits) {
    const scope = { practice: bytes(deposit.practice), author: bytes(deposit.author) };
    const header = { ...scope, epoch: deposit.epoch, body: [new Uint8Array(16), bytes(deposit.wrap)] };
    const own = { ...scope, privateKey: bytes(deposit.privateKey), wrap: bytes(deposit.wrap) };
    const openings = [
      { open: () => reader.depositKey(bytes(deposit.inboxSeed), header), error: wrapError },
      { open: () => reader.openOwnKey({ ...own, sealed: bytes(deposit.sealed) }), error: ownError },
    ];
    for (const { open, error } of openings) {
      // The first one says what both give; each other one says which of the two it is about.
      if (error === undefined && secret === undefined) continue;
      check({ name, ...(error === undefined ? {} : { error }) }, open, () => bytes(secret));
    }
  }
});

test('what a password opens is that of keys.json', () => {
  const vectors: KeysVectors = JSON.parse(vectorText('keys'));
  for (const scenario of vectors.accountSecrets) {
    const { exportKey, account, sealed } = scenario;
    check(
      scenario,
      () => hex(reader.openAccountSecret(bytes(exportKey), bytes(account), bytes(sealed))),
      () => scenario.secret,
    );
  }
  for (const scenario of vectors.accountSecretsOfMembers) {
    const { memberSeed, account, generation, sealed } = scenario;
    const parts = { memberSeed: bytes(memberSeed), account: bytes(account), generation, sealed: bytes(sealed) };
    check(
      scenario,
      () => hex(reader.openAccountSecretAsMember(parts)),
      () => scenario.secret,
    );
  }
  for (const { practice, author, input } of vectors.passkeyInputs)
    assert.equal(hex(reader.passkeyInput(bytes(practice), bytes(author))), input);
  for (const scenario of vectors.deviceSeeds) {
    const { way, share, deviceSecret, practice, author, sealed } = scenario;
    const parts = {
      way,
      share: bytes(share),
      deviceSecret: bytes(deviceSecret),
      practice: bytes(practice),
      author: bytes(author),
      sealed: bytes(sealed),
    };
    check(
      scenario,
      () => hex(reader.openDeviceSeed(parts)),
      () => scenario.seed,
    );
  }
});

type KitScenario = {
  name: string;
  text: string;
  practicePrefix: string;
  seed: string;
  error?: string;
  fields?: Record<string, unknown>;
};

test('kits are printed, typed and found in files as kit.json says', () => {
  const vectors: {
    printed: { name: string; practice: string; seed: string; text: string; qr: string; testValue: string }[];
    typed: KitScenario[];
    files: KitScenario[];
  } = JSON.parse(vectorText('kit'));
  for (const { name, practice, seed, text, qr, testValue } of vectors.printed) {
    assert.equal(reader.kitText(bytes(practice), bytes(seed)), text, name);
    assert.equal(reader.kitTestValue(bytes(seed)), testValue, name);
    for (const form of [text, qr]) {
      assert.deepEqual(
        reader.parseKit(form),
        { practicePrefix: bytes(practice).slice(0, 16), seed: bytes(seed) },
        name,
      );
    }
  }
  const checkKit = (scenario: KitScenario, parse: (text: string) => Kit) => {
    const { name, text, practicePrefix, seed, error, fields } = scenario;
    if (error !== undefined) assertRefused({ name, error, fields }, () => parse(text));
    else assert.deepEqual(parse(text), { practicePrefix: bytes(practicePrefix), seed: bytes(seed) }, name);
  };
  for (const scenario of vectors.typed) checkKit(scenario, reader.parseKit);
  for (const scenario of vectors.files) checkKit(scenario, reader.parseKitFile);
});

test('separator sheets are printed and read as sheet.json says', () => {
  type Sheet = { name: string; epochKey: string; subject: string };
  const vectors: {
    printed: (Sheet & { kind: string; qr: string })[];
    read: (Sheet & { text: string; is: string; kind?: string })[];
    refused: { name: string; text: string; error: string }[];
  } = JSON.parse(vectorText('sheet'));
  for (const { name, epochKey, subject, kind, qr } of vectors.printed) {
    assert.equal(reader.sheetQr(bytes(epochKey), subject, kind), qr, name);
    assert.deepEqual(reader.readSheet(bytes(epochKey), subject, qr), { is: 'sheet', kind }, name);
  }
  for (const { name, epochKey, subject, text, is, kind = null } of vectors.read)
    assert.deepEqual(reader.readSheet(bytes(epochKey), subject, text), { is, kind }, name);
  for (const scenario of vectors.refused)
    assertRefused(scenario, () => reader.readSheet(new Uint8Array(32), 'ask', scenario.text));
});

test('rescue copies open as rescue.json says, within a page or cut with it', () => {
  type Copy = { name: string; phrase: string; copy: string };
  const vectors: {
    phrases: { name: string; typed: string; characters: string }[];
    phrasesRefused: { name: string; typed: string; fields: Record<string, number> }[];
    keys: { phrase: string; salt: string; key: string }[];
    copies: (Copy & { made: number; content: string })[];
    refused: (Copy & { error: string })[];
  } = JSON.parse(vectorText('rescue'));
  for (const { name, typed, characters } of vectors.phrases)
    assert.equal(reader.parseRescuePhrase(typed), characters, name);
  for (const { name, typed, fields } of vectors.phrasesRefused)
    assertRefused({ name, error: 'RESCUE_PHRASE_INVALID', fields }, () => reader.parseRescuePhrase(typed));
  for (const { phrase, salt, key } of vectors.keys)
    assert.deepEqual(reader.rescueKey(phrase, bytes(salt)), bytes(key), phrase);
  const open = ({ phrase, copy }: Copy, end = '</script>') => {
    const page = `<script>'id="serment-rescue">'</script><script type="text/plain" id="serment-rescue">${copy}${end}`;
    return reader.openRescueCopy(reader.findRescueCopy(page), phrase);
  };
  for (const { made, content, ...copy } of vectors.copies)
    for (const end of ['</script>', '']) assert.deepEqual(open(copy, end), { made, content }, copy.name);
  for (const { error, ...copy } of vectors.refused) assertRefused({ name: copy.name, error }, () => open(copy));
});

type Written = { name: string; text: string; error?: string; fields?: Record<string, number> };

test('invitations and passkeys are those of invitation.json', () => {
  const vectors: {
    links: { name: string; practice: string; secret: string; text: string }[];
    read: (Written & { practice: string; secret: string })[];
    codes: (Written & { code: string })[];
    invitations: { secret: string; code: string; seed: string }[];
    passkeys: { prf: string; seed: string }[];
    passkeyHolderInput: string;
    passkeyHandles: { name: string; handle: string; prefix?: string; error?: string }[];
  } = JSON.parse(vectorText('invitation'));
  for (const { name, practice, secret, text } of vectors.links) {
    const link = { practice: bytes(practice), secret: bytes(secret) };
    assert.equal(reader.invitationText(link), text, name);
    assert.deepEqual(reader.parseInvitationLink(text), link, name);
  }
  for (const { name, text, practice, secret, error, fields } of vectors.read) {
    const read = () => reader.parseInvitationLink(text);
    if (error !== undefined) assertRefused({ name, error, fields }, read);
    else assert.deepEqual(read(), { practice: bytes(practice), secret: bytes(secret) }, name);
  }
  for (const { name, text, code, error, fields } of vectors.codes) {
    const read = () => reader.parseInvitationCode(text);
    if (error !== undefined) assertRefused({ name, error, fields }, read);
    else assert.equal(read(), code, name);
  }
  for (const { secret, code, seed } of vectors.invitations)
    assert.equal(hex(reader.invitationSeed(bytes(secret), code)), seed);
  for (const { prf, seed } of vectors.passkeys) assert.equal(hex(reader.passkeySeed(bytes(prf))), seed);
  assert.equal(hex(reader.passkeyHolderInput()), vectors.passkeyHolderInput);
  for (const { name, handle, prefix, error } of vectors.passkeyHandles) {
    const read = () => reader.parsePasskeyHandle(bytes(handle));
    if (error !== undefined) assertRefused({ name, error }, read);
    else assert.equal(hex(read()), prefix, name);
  }
});
