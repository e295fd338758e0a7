// Node's socket.io doing what our node does for a session: admit, put in a room, tick once a second in one of 25 slots.

import { createServer } from "node:http";
import { Server } from "socket.io";

const SLOTS = 25;
const SLOT_MS = 1000 / SLOTS;
const QUESTION_MS = 7_200_000;

const web = createServer((request, response) => {
  response.writeHead(request.url === "/readyz" ? 200 : 404).end();
});
const io = new Server(web, {
  transports: ["websocket"],
  perMessageDeflate: false,
  serveClient: false,
  pingInterval: 15_000,
  pingTimeout: 10_000,
});
const candidates = io.of("/candidate");
const slots = Array.from({ length: SLOTS }, () => new Map());

candidates.on("connection", (socket) => {
  const own = [];
  socket.on("join_session", ({ session_id: session }, ack) => {
    socket.join(session);
    const slot = slots[Number(BigInt(`0x${session.replaceAll("-", "")}`) % BigInt(SLOTS))];
    slot.set(session, Date.now() + QUESTION_MS);
    own.push([slot, session]);
    ack({ ok: true });
  });
  socket.on("disconnect", () => {
    for (const [slot, session] of own) slot.delete(session);
  });
});

let slot = 0;
let due = performance.now();

function tick() {
  const now = Date.now();
  for (const [session, deadline] of slots[slot]) {
    candidates.to(session).emit("tick", {
      session_id: session,
      revision: 1,
      question_index: 0,
      remaining_ms: deadline - now,
      server_time_ms: now,
    });
  }
  slot = (slot + 1) % SLOTS;
  due = Math.max(due + SLOT_MS, performance.now() - 1000);
  setTimeout(tick, Math.max(due - performance.now(), 0));
}

tick();
web.listen({ host: "127.0.0.1", port: Number(process.env.PORT), backlog: 4096 });
