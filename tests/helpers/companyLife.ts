import { PlannedImage, ImageName, planImages } from "../../images/plan";
import { carryImage, SecondEngine } from "../../testbed/engines/secondEngine";
import { CompanyNetwork } from "../../testbed/servers/companyNetwork";
import { clusterConfig } from "../../testbed/stackConfig";
import { TestStack } from "../../testbed/testStack";
import { Life } from "./life";

/** The life of a stack on another engine, in the network of a company. */
export class CompanyLife extends Life {
  /** It exists once a step runs. */
  network!: CompanyNetwork;

  /** The images are those that its build makes. */
  constructor(
    private readonly second: () => Promise<SecondEngine>,
    readonly images: readonly ImageName[],
  ) {
    super({}, () => undefined); // a build that failed would fail again
    afterAll(() => CompanyNetwork.stopAll());
  }

  get plan(): Readonly<Record<ImageName, PlannedImage>> {
    return planImages({ ...clusterConfig().images, extraJars: [this.network.jar] });
  }

  protected override async makeStack(): Promise<TestStack> {
    const { engine, address } = await this.second();
    await carryImage(clusterConfig().images.baseImage, engine);
    const network = await CompanyNetwork.start(address);
    this.network = network;
    const config = { caCertificates: network.certificates, noProxy: network.address, "extraJars[0]": network.jar };
    const stack = await TestStack.make({ engine, config });
    const { mirrorUrl: aptMirror, proxyUrl: httpProxy } = network;
    await stack.setAll({}, { aptMirror, httpProxy, pipIndexUrl: `${aptMirror}/simple`, mavenMirror: `${aptMirror}/maven` });
    return stack;
  }
}
