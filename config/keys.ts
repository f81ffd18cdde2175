import { engineKinds } from "../engine/engine";
import { list } from "./packages";
import { sparkVersions } from "./sparkVersions";
import {
  address,
  duration,
  flag,
  folder,
  imageName,
  line,
  memory,
  oneOf,
  orWord,
  Reader,
  Refusal,
  registry,
  tag,
  textMap,
  url,
  wholeNumber,
  word,
} from "./readers";

/** Spark refuses executors and drivers below this: 1.5 times the 300 MiB that it reserves (UnifiedMemoryManager). */
const smallestHeap = 450;

/**
 * Workers, cores or sessions that a cluster may have: far more than one engine carries, and few enough that what is made for each of
 * them can still be counted and listed.
 */
export const mostOfAnything = 10_000;

/** Every config key and how it is read. Default and description stand in Pulumi.yaml. */
export const keys = {
  target: oneOf(["engine", "swarm"] as const),
  workers: orWord("per-node", wholeNumber(1, mostOfAnything)),
  workerCores: wholeNumber(1, mostOfAnything),
  workerMemory: memory(smallestHeap),
  executorCores: wholeNumber(1, mostOfAnything),
  executorMemory: memory(smallestHeap),
  driverMemory: memory(smallestHeap),
  pythonMemory: memory(256),
  sessions: wholeNumber(1, mostOfAnything),
  ideMemory: memory(256),
  masterMemory: memory(384),
  daemonMemory: memory(256),
  tmpMemory: memory(64),
  historyServer: flag,
  historyMemory: memory(384),
  sparkConnect: flag,
  catalog: oneOf(["session", "shared"] as const),
  catalogMemory: memory(128),
  eventLogRetention: duration,
  workRetention: duration,
  logSize: memory(1),
  logFiles: wholeNumber(1, 100),
  ideCores: wholeNumber(1, mostOfAnything),
  daemonCores: wholeNumber(1, mostOfAnything),
  pidsLimit: wholeNumber(256, 1_000_000),
  engine: oneOf(engineKinds),
  imageSource: oneOf(["build", "pull"] as const),
  imageRegistry: registry,
  imageTag: tag,
  registryUser: line,
  registryPassword: line,
  sparkVersion: oneOf(sparkVersions),
  extraPythonPackages: list,
  extraJars: list,
  s3: textMap,
  baseImage: imageName,
  rebuild: word,
  caCertificates: folder("auto", "none"),
  pipIndexUrl: url,
  aptMirror: url,
  mavenMirror: url,
  httpProxy: url,
  noProxy: word,
  bindAddress: address,
  ports: textMap,
  tls: folder("none", "generated"),
  sparkProperties: textMap,
  tokenGeneration: word,
  secretGeneration: word,
  readyTimeout: wholeNumber(10, 3600),
  placement: textMap,
  sharedStorage: textMap,
  networkEncryption: flag,
  drainTimeout: wholeNumber(1, 3600),
} satisfies Record<string, Reader<unknown>>;

/** A key of this project. */
export type Key = keyof typeof keys;

/** The values of all keys, each read by its own reader. */
export type Values = { readonly [K in Key]: Exclude<ReturnType<(typeof keys)[K]>, Refusal> };
