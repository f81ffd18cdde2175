/** The packages of a lock file as a plain requirements.txt has them: names and versions, without hashes. */
export function pinsOf(lock: string): string {
  return [...lock.matchAll(/^([A-Za-z0-9][\w.[\],-]*==[^\s\\;]+)/gm)].map(([, pin]) => `${pin ?? ""}\n`).join("");
}
