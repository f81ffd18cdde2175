import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Engine } from "../../engine/engine";
import { Scratch } from "../harness/scratch";
import { client } from "./client";
import { MachineSources, machineSources } from "./packageSources";
import { pinsOf } from "./pins";

const project = join(__dirname, "../..");

/** The images of the plain chain, parents first. */
export const plainNames = ["base", "spark-base", "spark-master", "spark-worker", "jupyterlab"] as const;

export function plainReference(name: (typeof plainNames)[number] | "machine"): string {
  return `spark-cluster-bench/${name}:plain`;
}

/** A copy of the ordinary Dockerfiles, with the exact package versions of this project's images. */
export class PlainImages {
  private constructor(
    private readonly folder: string,
    private readonly sources: MachineSources,
  ) {}

  static async copy(sparkVersion: string, scratch: Scratch): Promise<PlainImages> {
    const folder = mkdtempSync(join(tmpdir(), "spark-cluster-bench-"));
    scratch.later("the copy of the Dockerfiles", async () => {
      rmSync(folder, { recursive: true });
    });
    cpSync(join(project, "bench/alternatives/images"), folder, { recursive: true });
    const locks = {
      "spark-base": `images/spark-base/python/${sparkVersion}.txt`,
      jupyterlab: "images/jupyterlab/jupyterlab.txt",
    };
    for (const [image, lock] of Object.entries(locks)) {
      writeFileSync(join(folder, image, "requirements.txt"), pinsOf(readFileSync(join(project, lock), "utf8")));
    }
    const sources = await machineSources();
    mkdirSync(join(folder, "machine/certificates"));
    const certificates = sources.certificates.match(/-----BEGIN[\s\S]+?-----END CERTIFICATE-----\n/g) ?? [];
    certificates.forEach((certificate, index) => {
      writeFileSync(join(folder, "machine/certificates", `${index}.crt`), certificate);
    });
    const index = sources.pipIndexUrl === "" ? "" : `index-url = ${sources.pipIndexUrl}\n`;
    writeFileSync(
      join(folder, "machine/pip.conf"),
      `[global]\ncert = /etc/ssl/certs/ca-certificates.crt\ndisable-pip-version-check = true\n${index}`,
    );
    return new PlainImages(folder, sources);
  }

  /** Builds the base of the chain, which is not part of the measurement. */
  buildMachine(engine: Engine): Promise<void> {
    return this.buildOne(engine, "machine");
  }

  /** Runs `docker build` for one image after the other. */
  async build(engine: Engine): Promise<void> {
    for (const name of plainNames) {
      await this.buildOne(engine, name);
    }
  }

  /** Makes the next build reinstall JupyterLab's packages, like an edit of their list. */
  editPackages(number: number): void {
    writeFileSync(join(this.folder, "jupyterlab/requirements.txt"), `# edit ${number}\n`, { flag: "a" });
  }

  private async buildOne(engine: Engine, name: (typeof plainNames)[number] | "machine"): Promise<void> {
    const { httpProxy, noProxy } = this.sources;
    const proxies: Readonly<Record<string, string>> =
      httpProxy === "" ? {} : { http_proxy: httpProxy, https_proxy: httpProxy, no_proxy: noProxy };
    const args = Object.entries(proxies).flatMap(([variable, value]) => ["--build-arg", `${variable}=${value}`]);
    const command = ["build", "--quiet", "--tag", plainReference(name), ...args, join(this.folder, name)];
    await client(engine, command, { timeout: 1800 });
  }
}
