/**
 * The capabilities that containers drop, and the security options that they run with. Their root is read-only, too.
 *
 * The level is SELinux's, and means nothing elsewhere. Without it, every container gets one of its own, which the files that it makes
 * inherit: a worker could not read what the notebook beside it has just written, although both mount the folder with `z`.
 */
export const hardening = { dropped: ["ALL"], securityOptions: ["no-new-privileges", "label=level:s0"] };

/** The same as options of the client's `run`. */
export const hardeningFlags = [
  "--read-only",
  ...hardening.dropped.map((capability) => `--cap-drop=${capability}`),
  ...hardening.securityOptions.map((option) => `--security-opt=${option}`),
];
