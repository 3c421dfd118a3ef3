/**
 * Open-source projects, each in another style and with another host. Nothing of them is in this repository: the
 * script is given a checkout.
 * @typedef {object} Recipe
 * @property {string} style
 * @property {string} commit what the recipe was tried with
 * @property {string} host what builds and what tests it
 * @property {string} [folder] the package in the checkout
 * @property {20 | 24} node
 * @property {readonly (readonly string[])[]} install
 * @property {readonly string[]} sources folders whose functions are instrumented
 * @property {RegExp} skip files in them that are tests, or no part of the program
 * @property {boolean} decorators whether methods can have them
 * @property {Readonly<Record<string, (text: string) => string>>} plugin how the plugin is put into which file
 * @property {Readonly<Record<string, (text: string) => string>>} [limits] how time limits of the tests are raised, in all modes
 * @property {readonly (readonly string[])[]} build
 * @property {readonly (readonly string[])[]} [pluginBuild] where a plugin needs another command
 * @property {readonly (readonly string[])[]} [beforeTest]
 * @property {readonly string[]} test `{report}` is where its report goes
 * @property {"jest" | "mocha" | "junit"} report vitest writes jest's
 * @property {string} [output] the folder that is built
 * @property {Readonly<Record<string, string>>} [env]
 * @property {Readonly<Record<string, string>>} [pluginEnv] of the tests
 */
const tests = /(^|\/)(tests?|__tests__|__mocks__|test-utils|node_modules|dist)\/|\.(test|spec|case)\.|\.d\.[cm]?ts$/;
const level = "{ maxLevel: process.env.DTRACING_LEVEL }";
const settings = (text) => text.replace("{", '{\n  "dtracing": { "maxLevel": "__LEVEL__" },');
const importing = (host, text) => `import dtracing from "dtracing/${host}";\n${text}`;
const vitest = [
  "{node}",
  "node_modules/vitest/vitest.mjs",
  "--run",
  "--testTimeout=120000",
  "--reporter=json",
  "--outputFile={report}",
];
const own = ["{node}", "node_modules/dtracing/dist/cli/main.js", "tsc", "-p", "."];
const tsc = ["{node}", "node_modules/typescript/bin/tsc"];

/** @type {Readonly<Record<string, Recipe>>} */
export const recipes = {
  hono: {
    style: "HTTP framework",
    commit: "28a9c128912de19f3fb28b00ae289c9b93f6f392",
    host: "esbuild, vitest",
    node: 24,
    install: [["{bun}", "install", "--frozen-lockfile"]],
    sources: ["src"],
    skip: tests,
    decorators: true,
    plugin: {
      "vitest.config.ts": (text) =>
        importing("vite", text)
          .replace("defineConfig({", `defineConfig({\n  plugins: [dtracing(${level})],`)
          .replace("globals: true,", 'globals: true,\n    setupFiles: ["./dtracing-subscriber.cjs"],'),
      "build/build.ts": (text) =>
        importing("esbuild", text)
          .replace("platform: 'node',", `platform: 'node',\n  plugins: [dtracing(${level})],`)
          .replace("plugins: [addExtension", `external: ["dtracing"],\n  plugins: [dtracing(${level}), addExtension`),
    },
    build: [["{bun}", "./build/build.ts"]],
    output: "dist",
    test: [
      ...vitest,
      "--coverage.enabled=false",
      ...["main", "jsx-runtime-default", "jsx-runtime-dom"].flatMap((name) => ["--project", name]),
    ],
    report: "jest",
  },
  TypeScriptToLua: {
    style: "compiler",
    commit: "0c3a141280d6796c1a1906210622bda8ea4180a2",
    host: "tspc (TypeScript 6), jest with ts-jest",
    node: 24,
    install: [
      ["npm", "ci", "--no-audit", "--no-fund"],
      ["npm", "install", "--no-save", "--no-audit", "--no-fund", "ts-patch@~4.0.1"],
    ],
    sources: ["src"],
    skip: new RegExp(`^src/lualib/|${tests.source}`),
    decorators: true,
    plugin: {
      "tsconfig.json": (text) =>
        text.replace(
          '"compilerOptions": {',
          '"compilerOptions": {\n"plugins": [{ "transform": "dtracing/ts-transformer", "maxLevel": "__LEVEL__" }],',
        ),
      "jest.config.js": (text) =>
        text
          .replace(
            '"ts-jest",\n            {',
            `"dtracing/jest",\n{ maxLevel: process.env.DTRACING_LEVEL, transformer: "ts-jest", transformerOptions: {`,
          )
          .replace("warnOnly: !isCI },\n            },", "warnOnly: !isCI },\n            } },")
          .replace("setupFilesAfterEnv: [", 'setupFilesAfterEnv: ["<rootDir>/dtracing-subscriber.cjs", '),
    },
    build: [tsc],
    pluginBuild: [["{node}", "node_modules/ts-patch/bin/tspc.js"]],
    beforeTest: [
      ["{node}", "dist/tstl.js", "-p", "src/lualib/tsconfig.json"],
      ["{node}", "dist/tstl.js", "-p", "src/lualib/tsconfig.lua50.json"],
    ],
    output: "dist",
    // our version, which is part of the cache's key, is the same as before
    test: [
      "{node}",
      "node_modules/jest/bin/jest.js",
      "--no-cache",
      "--json",
      "--testTimeout=120000",
      "--outputFile={report}",
    ],
    report: "jest",
  },
  kysely: {
    style: "ORM",
    commit: "478ec67b2de2568f5590a015d3e120644e81bd87",
    host: "dtracing tsc (TypeScript 7), mocha",
    node: 24,
    install: [["{pnpm}", "install", "--frozen-lockfile", "--filter", "kysely"]],
    sources: ["src"],
    skip: tests,
    decorators: true,
    plugin: { "package.json": settings },
    build: [tsc],
    pluginBuild: [own],
    beforeTest: [[...tsc, "-p", "test/node"]],
    output: "dist",
    test: [
      "{node}",
      "node_modules/mocha/bin/mocha.js",
      "--timeout",
      "60000",
      "--reporter",
      "json",
      "--reporter-option",
      "output={report}",
      "test/node/dist/**/*.test.js",
    ],
    report: "mocha",
    env: { DIALECTS: "sqlite" },
  },
  excalidraw: {
    style: "React app",
    commit: "4872083c044491b6d5c96ae134a75464f96d6831",
    host: "Vite 5, vitest",
    node: 24,
    install: [["{yarn}", "install", "--frozen-lockfile", "--ignore-scripts"]],
    sources: ["packages", "excalidraw-app"],
    skip: tests,
    decorators: false,
    plugin: {
      "vitest.config.mts": (text) =>
        importing("vite", text)
          .replace("defineConfig({", `defineConfig({\n  plugins: [dtracing(${level})],`)
          .replace("setupFiles: [", 'setupFiles: ["./dtracing-subscriber.cjs", '),
      "excalidraw-app/vite.config.mts": (text) =>
        importing("vite", text)
          .replace("plugins: [", `plugins: [dtracing(${level}),`)
          // with a call in every function its largest chunk is larger than its service worker takes
          .replace(/(maximumFileSizeToCacheInBytes:) [^,]+/, "$1 20_000_000"),
    },
    limits: {
      // of testing-library: it waits a second
      "setupTests.ts": (text) => text.replace("  configure({", "  configure({ asyncUtilTimeout: 60_000,"),
      // it measures itself
      "packages/element/tests/bucketFill.test.ts": (text) => text.replace("}, 2000);", "}, 120_000);"),
    },
    build: [
      ["{node}", "node_modules/vite/bin/vite.js", "build", "excalidraw-app", "-c", "excalidraw-app/vite.config.mts"],
    ],
    output: "excalidraw-app/build",
    test: vitest,
    report: "jest",
  },
  knip: {
    style: "CLI",
    commit: "9f18cba93c91de8554636b13692d6e7a937b7697",
    host: "dtracing tsc (TypeScript 7), node --test with dtracing/register",
    folder: "packages/knip",
    node: 24,
    install: [["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]],
    sources: ["src"],
    skip: tests,
    decorators: false,
    plugin: { "package.json": settings },
    build: [tsc],
    pluginBuild: [own],
    output: "dist",
    test: [
      "{node}",
      "--test",
      // 607 files, each of which would be a process
      "--test-isolation=none",
      "--test-reporter=junit",
      "--test-reporter-destination={report}",
      "test/!(cli|e2e|fix)/**/*.test.ts",
    ],
    report: "junit",
    pluginEnv: { NODE_OPTIONS: "--import dtracing/register" },
  },
};
