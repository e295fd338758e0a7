import type { Socket } from "socket.io-client";
import { NOT_NOW, Refused, Unreachable } from "../api/errors";

const ACK_MS = 4_000;

interface Refusal {
  ok: false;
  code: string;
  message: string;
  retry_after_seconds?: number;
}

/** Emit and await the ack: its fields, else `Refused` with its code, or `Unreachable` if none comes. */
export async function ask<T>(socket: Socket, event: string, payload: object): Promise<T> {
  // A disconnected client would queue the event and send it after the next connect, with an old lock token.
  if (!socket.connected) throw new Unreachable("the socket is not connected");
  let ack: unknown;
  try {
    ack = await socket.timeout(ACK_MS).emitWithAck(event, payload);
  } catch {
    throw new Unreachable(`no ack to ${event}`); // the only failure of emitWithAck: time-out or disconnect
  }
  if (isRefusal(ack)) {
    if (NOT_NOW.has(ack.code)) throw new Unreachable(ack.code);
    throw new Refused({
      code: ack.code,
      message: ack.message,
      facts: { ...ack },
      retryAfterMs: ack.retry_after_seconds === undefined ? null : ack.retry_after_seconds * 1000,
    });
  }
  return ack as T;
}

function isRefusal(ack: unknown): ack is Refusal {
  return typeof ack === "object" && ack !== null && "ok" in ack && ack.ok === false;
}
