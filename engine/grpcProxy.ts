/**
 * The value of `no_grpc_proxy` with which Pulumi's programs reach its engine at 127.0.0.1 themselves. Otherwise gRPC's library for
 * Node sends these connections, too, to the proxy of `http_proxy`, `https_proxy` or `grpc_proxy`. The variable replaces `no_proxy` for
 * gRPC, so the hosts of the one that applies are kept, without the spaces that gRPC would take for a part of the name.
 */
export function hostsWithoutProxy(env: NodeJS.ProcessEnv = process.env): string {
  const given = [env.no_grpc_proxy, env.no_proxy].find((hosts) => hosts !== undefined && hosts !== "") ?? "";
  const hosts = `${given},127.0.0.1`.split(",").map((host) => host.trim());
  return [...new Set(hosts)].filter((host) => host !== "").join(",");
}
