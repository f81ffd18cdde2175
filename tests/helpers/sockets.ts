/** A TCP port that somebody listens on, and for whom: every address of the machine or container, this machine alone, or one address. */
interface Listener {
  readonly port: number;
  readonly address: "every" | "loopback" | "one";
}

const listening = "0A";

/** The listeners in the text of /proc/net/tcp and /proc/net/tcp6. */
export function listeners(text: string): Listener[] {
  return text
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === listening)
    .map((fields) => {
      const [address = "", port = ""] = fields[1]!.split(":");
      return { port: parseInt(port, 16), address: kindOf(address) };
    });
}

/** Words of four bytes, each as this machine writes a number: the least byte first. */
function kindOf(address: string): Listener["address"] {
  if (/^0+$/.test(address)) {
    return "every";
  }
  const version4 = address.replace(/^0{16}FFFF0000/, "");
  return version4.endsWith("7F") || /^0{24}01000000$/.test(address) ? "loopback" : "one";
}
