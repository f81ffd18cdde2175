// The entry point of the Pulumi program: index.ts, loaded without the parts of TypeScript and of the SDK that an `up` rarely needs.
"use strict";

require("./tools/pulumi/program/lazySerializer.cjs");
require("./tools/pulumi/program/compiled.cjs").register();

module.exports = require("./index.ts");
