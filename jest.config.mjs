// One file at a time, as tsx compiles the program: types are checked by `make lint`.
const transform = {
  "^.+\\.ts$": ["ts-jest", { tsconfig: { target: "ES2022", module: "commonjs", esModuleInterop: true, isolatedModules: true } }],
};

// Jest ignores testTimeout in a project, so each sets its own in a file.
const project = (name, timeout) => ({
  displayName: name,
  testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
  setupFilesAfterEnv: [`<rootDir>/tests/${timeout}.ts`],
  restoreMocks: true,
  transform,
});

const enough = { lines: 95, branches: 95, functions: 95, statements: 95 };

/** @type {import("jest").Config} */
export default {
  projects: [project("unit", "unit/helpers/timeout"), project("core", "helpers/timeout"), project("extended", "helpers/timeout")],
  reporters: ["<rootDir>/tests/report/reporter.mjs"],
  testSequencer: "<rootDir>/tests/report/longestFirst.mjs",
  collectCoverageFrom: [
    "components/*.ts",
    "components/swarm/*.ts",
    "components/plugin/*.ts",
    "config/*.ts",
    "engine/*.ts",
    "images/*.ts",
    "index.ts",
  ],
  coverageThreshold: Object.fromEntries(
    ["./components/", "./config/", "./engine/", "./images/", "./index.ts"].map((part) => [part, enough]),
  ),
};
