import { inNotebook } from "./notebook";
import { TestStack } from "../../testbed/testStack";

/** A kernel of JupyterLab's own, whose session stays. */
const sessionThatStays = (work: string) => `
said = []
def hear(message):
    if message["msg_type"] == "stream" and message["content"]["name"] == "stdout":
        said.append(message["content"]["text"])
    elif message["msg_type"] == "error":
        said.append(message["content"]["evalue"])
cell = SESSION + ${JSON.stringify(work)} + "print(spark.range(100).repartition(4).count(), spark.sparkContext.applicationId)"
server_kernel().execute_interactive(cell, output_hook=hear, timeout=600)
print(json.dumps("".join(said)))
`;

/** Opens a session in a kernel of JupyterLab's own, has it do some work and a job, and leaves it open. Returns the id of its application. */
export async function openSession(stack: TestStack, work = ""): Promise<string> {
  const said = await inNotebook<string>(stack, sessionThatStays(work));
  const id = /^100 (app-[\d-]+)$/m.exec(said)?.[1];
  if (id === undefined) {
    throw new Error(`no session was opened: ${said}`);
  }
  return id;
}
