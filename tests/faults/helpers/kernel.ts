import { inNotebook } from "../../ide/helpers/notebook";
import { TestStack } from "../../integration/helpers/testStack";

/** A kernel of JupyterLab's own, whose session stays. */
const sessionThatStays = `
said = []
def hear(message):
    if message["msg_type"] == "stream" and message["content"]["name"] == "stdout":
        said.append(message["content"]["text"])
cell = SESSION + "print(spark.range(100).repartition(4).count(), spark.sparkContext.applicationId)"
server_kernel().execute_interactive(cell, output_hook=hear, timeout=600)
print(json.dumps("".join(said)))
`;

/** Opens a session in a kernel of JupyterLab's own, has it do a job, and leaves it open. Returns the id of its application. */
export async function openSession(stack: TestStack): Promise<string> {
  const said = await inNotebook<string>(stack, sessionThatStays);
  const id = /^100 (app-[\d-]+)$/m.exec(said)?.[1];
  if (id === undefined) {
    throw new Error(`no session was opened: ${said}`);
  }
  return id;
}
