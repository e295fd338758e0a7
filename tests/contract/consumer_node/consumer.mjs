// An example of a service that follows Interlock's public stream, in Node. All that it knows of the stream is what a running
// node's AsyncAPI document says: where the events are, in which field, what each must look like, and how to read them.
//
//   node consumer.mjs NODE_URL REDIS_URL STATE_FILE
//
// Every event that has an effect is one line on stdout. Where it stands is in the state file together with the effects, so
// that it can be killed at any moment and goes on from the last id that it has worked off.

import { readFileSync, writeFileSync, renameSync, existsSync, openSync, fsyncSync, closeSync } from "node:fs";

import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { Redis } from "ioredis";

const BLOCK_MS = 1000;
const COUNT = 10;

async function readDocument(nodeUrl) {
  const response = await fetch(new URL("/api/asyncapi.json", nodeUrl));
  if (!response.ok) throw new Error(`the document: ${response.status}`);
  return response.json();
}

// The public stream's channel, and a check for each of its messages by the event's type.
function streamOf(document) {
  const channel = Object.values(document.channels).find((candidate) => candidate["x-redis-stream"]?.public);
  if (channel === undefined) throw new Error("the document names no public stream");
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  const checks = new Map(
    Object.values(channel.messages).map((message) => [
      message.name,
      ajv.compile({ ...message.payload, components: document.components }),
    ]),
  );
  const { key, field, read_from } = channel["x-redis-stream"];
  return { key, field, start: read_from, checks };
}

class State {
  constructor(file, start) {
    this.file = file;
    const kept = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { last: start, seen: [], versions: {} };
    this.last = kept.last;
    this.seen = new Set(kept.seen);
    this.versions = kept.versions;
  }

  // Whole or not at all: a new file in place of the old one.
  save() {
    const draft = `${this.file}.new`;
    writeFileSync(draft, JSON.stringify({ last: this.last, seen: [...this.seen], versions: this.versions }));
    const handle = openSync(draft, "r");
    fsyncSync(handle);
    closeSync(handle);
    renameSync(draft, this.file);
  }
}

const positionOf = (id) => BigInt(id.split("-")[1]);
const numberingOf = (id) => BigInt(id.split("-")[0]);

// "A first entry whose B is more than one above your last one means that what lay between has been trimmed."
function refuseGap(last, next) {
  const isSame = last === "0-0" || numberingOf(last) === numberingOf(next);
  if (isSame && positionOf(next) > positionOf(last) + 1n) {
    throw new Error(`what lay between ${last} and ${next} has been trimmed: read the tables, then go on from ${next}`);
  }
}

// What an event tells the state of: the answer, else the session, each apart by the event's type.
const subjectOf = (event) => `${event.type} ${event.data.answer_id ?? event.subject}`;

function apply(state, stream, entryId, body) {
  refuseGap(state.last, entryId);
  state.last = entryId;
  const event = JSON.parse(body);
  const check = stream.checks.get(event.type);
  if (check === undefined) return null; // "pass over a type that you do not know"
  if (!check(event)) throw new Error(`${entryId} is not of its form: ${JSON.stringify(check.errors)}`);
  const { id, type, subject, data } = event;
  if (state.seen.has(id)) return { effect: "repeated", entry: entryId, id, type, subject };
  state.seen.add(id);
  const isNewer = data.version > (state.versions[subjectOf(event)] ?? 0);
  if (isNewer) state.versions[subjectOf(event)] = data.version;
  return { effect: isNewer ? "applied" : "older", entry: entryId, id, type, subject, version: data.version };
}

async function follow(stream, redis, state) {
  for (;;) {
    const answer = await redis.xread("COUNT", COUNT, "BLOCK", BLOCK_MS, "STREAMS", stream.key, state.last);
    for (const [entryId, fields] of answer?.[0][1] ?? []) {
      const line = apply(state, stream, entryId, fields[fields.indexOf(stream.field) + 1]);
      state.save();
      if (line !== null) process.stdout.write(`${JSON.stringify(line)}\n`);
    }
  }
}

const [nodeUrl, redisUrl, stateFile] = process.argv.slice(2);
const stream = streamOf(await readDocument(nodeUrl));
await follow(stream, new Redis(redisUrl), new State(stateFile, stream.start));
