import { io, type Socket } from "socket.io-client";

/** In the order in which a person meets them; each has its words in the catalogue. */
export type Connection = "connecting" | "online" | "reconnecting" | "offline";

const FIRST_REST_MS = 300;
const LONGEST_REST_MS = 2_000;

export interface ConnectionListener {
  onConnection: (connection: Connection) => void;
  /** Connected: the namespace has let us in. */
  onUp: () => void;
  /** The server will not have this token. */
  onRefused: (code: string) => void;
}

/**
 * One Socket.IO namespace that is kept connected until it is closed.
 *
 * The library gives up for good when the server disconnects or refuses; whether to come back is decided here:
 * always with a growing pause, except when the token was refused or somebody called `close`.
 */
export class KeptSocket {
  readonly socket: Socket;
  private closed = true;
  private restMs = FIRST_REST_MS;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private everUp = false;

  constructor(
    namespace: string,
    token: () => string | null,
    private readonly listener: ConnectionListener,
  ) {
    this.socket = io(namespace, {
      transports: ["websocket"],
      autoConnect: false,
      reconnection: false,
      timeout: 8_000,
      auth: (send) => send({ token: token() }),
    });
    this.socket.on("connect", () => {
      this.everUp = true;
      this.restMs = FIRST_REST_MS;
      this.tell();
      this.listener.onUp();
    });
    this.socket.on("disconnect", () => this.comeBack());
    this.socket.on("connect_error", (error: Error & { data?: { code?: string } }) => {
      const code = error.data?.code;
      if (code === "unauthenticated" || code === "wrong_role" || code === "foreign_origin") {
        this.close();
        this.listener.onRefused(code);
        return;
      }
      this.comeBack();
    });
  }

  open(): void {
    if (!this.closed) return;
    this.closed = false;
    this.tell();
    window.addEventListener("online", this.hurry);
    window.addEventListener("offline", this.tell);
    this.socket.connect();
  }

  close(): void {
    this.closed = true;
    this.stopTimer();
    window.removeEventListener("online", this.hurry);
    window.removeEventListener("offline", this.tell);
    this.socket.disconnect();
  }

  /** The connection only looks alive: drop it and come back. */
  bounce(): void {
    if (!this.closed && this.socket.connected) this.socket.io.engine.close();
  }

  private comeBack(): void {
    if (this.closed) return;
    this.tell();
    this.stopTimer();
    // Spread out, so that a thousand clients of a restarted node do not all knock at once.
    const rest = this.restMs * (0.5 + Math.random());
    this.restMs = Math.min(LONGEST_REST_MS, this.restMs * 2);
    this.timer = setTimeout(() => this.socket.connect(), rest);
  }

  /** Somebody is there again: do not wait for the next try. */
  readonly hurry = (): void => {
    this.tell();
    if (this.closed || this.socket.connected) return;
    this.stopTimer();
    this.restMs = FIRST_REST_MS;
    this.socket.connect();
  };

  private readonly tell = (): void => {
    if (!navigator.onLine) this.listener.onConnection("offline");
    else if (this.socket.connected) this.listener.onConnection("online");
    else this.listener.onConnection(this.everUp ? "reconnecting" : "connecting");
  };

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
