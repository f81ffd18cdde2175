import { Life } from "../helpers/life";

/** As in components/dialect.ts. Whether a lost bridge is found again depends on chance, and would be a matter of seconds. */
const settings = { base_reachable_time_ms: "1000", delay_first_probe_time: "0", retrans_time_ms: "200", ucast_solicit: "1" };

export function podmanNetwork(life: Life): void {
  life.step(
    "a container soon finds the bridge of its network again, and a lost question for a name is repeated",
    async (stack) => {
      const inside = (...command: string[]) => stack.askInside(stack.nameOf("jupyterlab"), ...command);
      const files = Object.keys(settings).map((name) => `/proc/sys/net/ipv4/neigh/eth0/${name}`);
      expect((await inside("cat", ...files)).trim().split("\n")).toEqual(Object.values(settings));
      expect(await inside("cat", "/etc/resolv.conf")).toContain("options timeout:1 attempts:5");
    },
  );
}
