import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { TestStack } from "../../testbed/testStack";
import { changesOf, containersChangedBy, imageIds } from "../helpers/changes";
import { Life } from "../helpers/life";
import { inNotebook } from "../helpers/notebook";

const settings = "/lab/api/settings/@jupyterlab/apputils-extension:themes";
const workspace = "/lab/api/workspaces/default";
const layout = { data: { "layout-restorer:data": { main: { current: "terminal:1" } } }, metadata: { id: "default" } };

/** What a person does to the sample notebooks, the settings and the layout. */
const personalize = `
notebook = ask_server("/api/contents/memory.ipynb")
notebook["content"]["cells"][0]["source"] = "# My own notes on memory"
ask_server("/api/contents/memory.ipynb", json.dumps(notebook).encode(), "PUT")
ask_server("/api/contents/sql.ipynb", method="DELETE")
ask_server("${settings}", b'{"raw": "{\\\\"theme\\\\": \\\\"JupyterLab Dark\\\\"}"}', "PUT")
ask_server("${workspace}", b'${JSON.stringify(layout)}', "PUT")
print("null")
`;

const look = `
def title(name):
    path = pathlib.Path(f"/opt/workspace/{name}.ipynb")
    return "".join(json.loads(path.read_text())["cells"][0]["source"]).splitlines()[0] if path.exists() else "deleted"
titles = [title(name) for name in ("memory", "sql", "mllib")]
print(json.dumps({"titles": titles, **ask_server("${settings}"), "layout": ask_server("${workspace}")}))
`;

/** Later files of the image: a comment in the server's settings, and other titles of notebooks. */
function edit(stack: TestStack): void {
  const folder = join(stack.folder, "images/jupyterlab");
  appendFileSync(join(folder, "jupyter_server_config.py"), "# edited by a test\n");
  for (const name of ["memory", "sql", "mllib"]) {
    const path = join(folder, "notebooks", `${name}.ipynb`);
    writeFileSync(path, readFileSync(path, "utf8").replace('"# ', '"# Of a later image: '));
  }
}

const edited =
  "an edit in images/jupyterlab replaces that image and that container, and keeps the person's notebooks, settings and layout";

/** An edit that the image keeps until the end of the life. */
export function editedImage(life: Life): void {
  life.step(edited, async (stack) => {
    await inNotebook(stack, personalize);
    edit(stack);
    const { containers, images } = await changesOf(stack, () => stack.quickUp());
    expect({ containers, images }).toEqual({ containers: ["jupyterlab"], images: ["jupyterlab"] });
    expect(await inNotebook(stack, look)).toMatchObject({
      titles: ["# My own notes on memory", "deleted", "# Of a later image: MLlib"],
      settings: { theme: "JupyterLab Dark" },
      layout,
    });
  });
}

/** Removes the edited image, which no other stack has. */
export function removedImage(life: Life): void {
  life.step(
    "an image that was removed by hand comes back, and after that nothing is pending, not even from a moved checkout",
    edited,
    async (stack) => {
      const { jupyterlab } = await imageIds(stack);
      const { containers } = await containersChangedBy(stack, async () => {
        await stack.ask("rm", "--force", stack.nameOf("jupyterlab"));
        await stack.ask("rmi", "--force", jupyterlab!);
        return stack.bareUp();
      });
      expect(containers).toEqual(["jupyterlab"]);
      expect((await imageIds(stack)).jupyterlab).toContain((await stack.containers()).jupyterlab!.Image);
      await stack.moveCheckout();
      expect(await stack.pendingChanges()).toBe("");
    },
  );
}
