/** The capabilities that containers drop, and the security options that they run with. Their root is read-only, too. */
export const hardening = { dropped: ["ALL"], securityOptions: ["no-new-privileges"] };

/** The same as options of the client's `run`. */
export const hardeningFlags = [
  "--read-only",
  ...hardening.dropped.map((capability) => `--cap-drop=${capability}`),
  ...hardening.securityOptions.map((option) => `--security-opt=${option}`),
];
