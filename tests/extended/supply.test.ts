import { docker, podman } from "../../testbed/engines/here";
import { Registry } from "../../testbed/servers/registry";
import { Life } from "../helpers/life";
import { shared } from "../helpers/notRun";
import { imageContents } from "../promises/imageContents";
import { pinnedBase } from "../promises/pinnedBase";

const openRegistry = () => shared("the registry", () => Registry.start({ open: true }));

describe("what images are made of, on Docker", () => {
  const life = new Life({ engine: docker }, () => undefined);
  imageContents(life);
  pinnedBase(life, openRegistry(), { withCredentialHelper: true });
});

describe("what images are made of, on Podman", () => {
  pinnedBase(new Life({ engine: podman }, () => undefined), openRegistry());
});

afterAll(() => Registry.stopAll());
