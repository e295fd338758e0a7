import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// In development the realtime node answers the API and the socket; its address is the one `interlock up` prints.
const node = process.env["INTERLOCK_DEV_NODE"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    // A data: URL for a script or a font would break the content security policy.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      "/api": { target: node },
      "/socket.io": { target: node, ws: true },
    },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
