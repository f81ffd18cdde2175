/**
 * The capabilities that containers drop, and the security options that they run with. Their root is read-only, too.
 *
 * The level is for SELinux and has no effect without it. By default, every container gets a level of its own, and the files that it
 * makes inherit it: a worker could not read what a notebook has just written, although both mount the folder with `z`.
 */
export const hardening = { dropped: ["ALL"], securityOptions: ["no-new-privileges", "label=level:s0"] };

/** The same as options of the client's `run`. */
export const hardeningFlags = [
  "--read-only",
  ...hardening.dropped.map((capability) => `--cap-drop=${capability}`),
  ...hardening.securityOptions.map((option) => `--security-opt=${option}`),
];
