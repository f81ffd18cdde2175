/** The packages of a lock file in the form of a plain requirements.txt: names and versions, without hashes. */
export function pinsOf(lock: string): string {
  return [...lock.matchAll(/^([A-Za-z0-9][\w.[\],-]*==[^\s\\;]+)/gm)].map(([, pin]) => `${pin ?? ""}\n`).join("");
}
