import dtracing from "dtracing/vite";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [dtracing({ maxLevel: process.env["MAX_LEVEL"] ?? "trace" })],
  build: { ssr: "src/main.ts", outDir: "dist-vite", target: "node20", minify: false },
});
