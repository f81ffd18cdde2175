import { hostsWithoutProxy } from "../../../engine/grpcProxy";

test.each([
  [{}, "127.0.0.1"],
  [{ no_proxy: "a.example.com, 10.0.0.0/8," }, "a.example.com,10.0.0.0/8,127.0.0.1"],
  [{ no_grpc_proxy: "", no_proxy: "127.0.0.1" }, "127.0.0.1"],
  [{ no_grpc_proxy: "b.example.com", no_proxy: "a.example.com" }, "b.example.com,127.0.0.1"],
])("gRPC reaches 127.0.0.1 and the hosts of the user without a proxy: %j", (env, expected) => {
  expect(hostsWithoutProxy(env)).toBe(expected);
});

test("the plugin sets it before it begins", () => {
  jest.replaceProperty(process, "env", { ...process.env, no_grpc_proxy: "b.example.com" });
  const main = jest.fn(() => {
    expect(process.env.no_grpc_proxy).toBe("b.example.com,127.0.0.1");
  });
  jest.isolateModules(() => {
    jest.doMock("@pulumi/pulumi/provider", () => ({ main }));
    jest.requireActual("../../../components/plugin/main");
  });
  expect(main).toHaveBeenCalledTimes(1);
});
