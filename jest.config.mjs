// One file at a time, as tsx compiles the program: types are checked by `make lint`.
const transform = {
  "^.+\\.ts$": ["ts-jest", { tsconfig: { target: "ES2022", module: "commonjs", esModuleInterop: true, isolatedModules: true } }],
};

const project = (name, patience = name) => ({
  displayName: name,
  testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
  // Its time limit: jest heeds none in a project.
  setupFilesAfterEnv: [`<rootDir>/tests/${patience}/helpers/timeout.ts`],
  restoreMocks: true,
  transform,
});

const enough = { lines: 95, branches: 95, functions: 95, statements: 95 };

/** @type {import("jest").Config} */
export default {
  // integration is one suite for both engines; TEST_ENGINE names the one. ide and browser are what a person sees, the same whatever the
  // engine, so that they run once. Tests share an engine, so that tools/test.sh runs them with --runInBand, one file at a time.
  projects: [
    project("unit"),
    project("integration"),
    project("ide", "integration"),
    project("browser", "integration"),
    project("faults", "integration"),
    project("swarm"),
  ],
  collectCoverageFrom: ["components/*.ts", "components/swarm/*.ts", "config/*.ts", "engine/*.ts", "images/*.ts", "index.ts"],
  coverageThreshold: Object.fromEntries(
    ["./components/", "./config/", "./engine/", "./images/", "./index.ts"].map((part) => [part, enough]),
  ),
};
