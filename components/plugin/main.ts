// What Pulumi runs for programs in other languages, as plugin/PulumiPlugin.yaml says.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { main } from "@pulumi/pulumi/provider";

import { hostsWithoutProxy } from "../../engine/grpcProxy";
import { packageRoot } from "../../images/packageRoot";
import { componentProvider } from "./componentProvider";
import { Manifest } from "./packageSchema";

process.env.no_grpc_proxy = hostsWithoutProxy();
const manifest = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as Manifest;
void main(componentProvider(manifest), process.argv.slice(2));
