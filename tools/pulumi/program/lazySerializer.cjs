// Lets Pulumi's SDK load its serializer of functions when it is called. The SDK loads it at its own start, with TypeScript and npm's
// dependency resolver: two thirds of its load time. Only a dynamic provider that has changed is serialized, see components/ownResource.ts.
"use strict";

const Module = require("node:module");
const { join } = require("node:path");

const fromProject = Module.createRequire(join(process.cwd(), "package.json"));

/** Replaces a module by functions that load it when they are called. */
function lazily(name, functions) {
  let file;
  try {
    file = fromProject.resolve(name);
  } catch {
    return; // another version of the SDK
  }
  if (require.cache[file] !== undefined) {
    return;
  }
  const stub = new Module(file);
  const load = () => {
    if (require.cache[file] === stub) {
      delete require.cache[file];
    }
    return fromProject(file);
  };
  stub.filename = file;
  stub.loaded = true;
  stub.exports = { __esModule: true };
  for (const each of functions) {
    stub.exports[each] = (...args) => load()[each](...args);
  }
  require.cache[file] = stub;
}

lazily("@pulumi/pulumi/runtime/closure/serializeClosure.js", ["serializeFunction", "serializeFunctionAsync"]);
lazily("@pulumi/pulumi/runtime/closure/codePaths.js", ["computeCodePaths"]);
