import { tlsEnvironment, tlsFiles, tlsRevision } from "../../../components/tls";
import { Tls } from "../../../config/clusterConfig";
import { resolved } from "../helpers/mocks";

const own: Tls = { certificate: "a certificate", key: "a key" };
const bindAddress = "127.0.0.1";

test("without TLS there is nothing of it", () => {
  const config = { tls: "none", bindAddress } as const;
  expect([tlsEnvironment(config), tlsFiles(config), tlsRevision(config)]).toEqual([{}, {}, {}]);
});

test("a certificate that is given lies among the files, its key as a secret, and its change is seen", async () => {
  const config = { tls: own, bindAddress };
  expect(tlsEnvironment(config)).toEqual({ JUPYTERLAB_TLS: "/etc/spark-cluster" });
  const { "tls.crt": certificate, "tls.key": key } = tlsFiles(config);
  expect(certificate).toBe("a certificate");
  expect(await resolved(key as never)).toEqual({ value: "a key", known: true, secret: true });
  expect(tlsRevision(config).tls).toMatch(/^[0-9a-f]{16}$/);
  expect(tlsRevision(config)).not.toEqual(tlsRevision({ tls: { ...own, certificate: "a renewed certificate" } }));
});

test.each([
  ["127.0.0.1", "DNS:localhost,IP:127.0.0.1,IP:::1"],
  ["::1", "DNS:localhost,IP:127.0.0.1,IP:::1"],
  ["0.0.0.0", "DNS:localhost,IP:127.0.0.1,IP:::1"],
  ["192.168.1.20", "DNS:localhost,IP:127.0.0.1,IP:::1,IP:192.168.1.20"],
])("bound to %s, a generated certificate is for %s, and lies where it stays", (address, names) => {
  const config = { tls: "generated", bindAddress: address } as const;
  expect(tlsEnvironment(config)).toEqual({ JUPYTERLAB_TLS: "/home/spark/.jupyter/tls", JUPYTERLAB_TLS_NAMES: names });
  expect([tlsFiles(config), tlsRevision(config)]).toEqual([{}, {}]);
});
