// Loads TypeScript files as Pulumi does, by ts-node with a check of their types, and keeps the JavaScript. A file that has not changed
// is loaded without ts-node and TypeScript, which take a quarter of a second.
"use strict";

const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { basename, join, relative } = require("node:path");

const root = join(__dirname, "../../..");
const folder = join(root, "node_modules/.cache/spark-cluster");
const fromProject = Module.createRequire(join(root, "package.json"));
const inlineMap = "//# sourceMappingURL=data:application/json;charset=utf-8;base64,";

/** What the JavaScript of every file depends on: the configuration and the versions of the compiler, and whether it checks types. */
function compilerRevision() {
  return ["tsconfig.json", "package-lock.json", "tools/pulumi/program/compiled.cjs"]
    .map((file) => readFileSync(join(root, file), "utf8"))
    .concat(process.env.PULUMI_NODEJS_TRANSPILE_ONLY ?? "")
    .join("\0");
}

/** The service of Pulumi's ts-node, set up as its runner does it. Throws for a file whose types are wrong. */
function makeService() {
  const { typeScriptRequireStrings } = fromProject("@pulumi/pulumi/tsutils");
  const { tsnodeRequire, typescriptRequire } = typeScriptRequireStrings();
  const handler = require.extensions[".ts"];
  const service = fromProject(tsnodeRequire).register({
    compiler: fromProject.resolve(typescriptRequire),
    transpileOnly: process.env.PULUMI_NODEJS_TRANSPILE_ONLY === "true",
    project: join(root, "tsconfig.json"),
    compilerOptions: { sourceMap: "true" },
  });
  require.extensions[".ts"] = handler; // ts-node has set its own
  return service;
}

/** Makes a file's map of lines independent of the folder, because several checkouts may share what is kept. */
function withPlainMap(code, file) {
  const at = code.lastIndexOf(inlineMap);
  if (at === -1) {
    return code;
  }
  const map = JSON.parse(Buffer.from(code.slice(at + inlineMap.length), "base64").toString("utf8"));
  map.file = basename(file);
  map.sources = [basename(file)];
  delete map.sourceRoot;
  return code.slice(0, at + inlineMap.length) + Buffer.from(JSON.stringify(map)).toString("base64");
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** A folder that cannot be written costs the next `up` its time, nothing else. */
function keep(file, text) {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, text);
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // read-only
  }
}

function register() {
  const revision = createHash("sha256").update(compilerRevision()).digest("hex");
  const codes = new Map();
  let service;
  require.extensions[".ts"] = (module, file) => {
    const source = readFileSync(file, "utf8");
    const name = createHash("sha256")
      .update([revision, relative(root, file), source].join("\0"))
      .digest("hex");
    const kept = join(folder, `${name}.js`);
    let code = read(kept);
    // A file that was cut off lacks the map.
    if (code === undefined || !code.includes(inlineMap)) {
      service ??= makeService();
      code = withPlainMap(service.compile(source, file), file);
      keep(kept, code);
    }
    codes.set(file, code);
    module._compile(code, file);
  };
  // Stack traces with the lines of the sources.
  fromProject("source-map-support").install({ environment: "node", retrieveFile: (path) => codes.get(path) ?? "" });
  process.env.SPARK_CLUSTER_CACHE = folder;
}

module.exports = { register };
