/** The program of docs/component.md that has commands between the steps. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { graphOf } from "../support/graph";
import { hooks } from "../support/hooks-example";

test("it stands there word by word", () => {
  const read = (path: string) => readFileSync(join(__dirname, "..", "..", path), "utf8");
  const [, program = ""] = read("test/support/hooks-example.ts").split(/\/\/ <\/?docs>\n/);
  expect(program.length).toBeGreaterThan(300);
  expect(read("docs/component.md")).toContain(
    `\`\`\`ts\n${program.replace('"../../index"', '"pulumi-ceph-openstack"')}\n`,
  );
});

test("it drains a controller before its restart, and the next one after this one is ready", async () => {
  const { graph, resources } = await graphOf({
    cluster: { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" },
    openstackRelease: "zed",
    glance: { hosts: ["ctl1", "ctl2"] },
    hooks,
  });
  const commands = resources.filter(({ type }) => type === "command:remote:Command");
  expect(commands.map(({ name, inputs }) => [name, /state \w+/.exec(String(inputs["create"]))?.[0]])).toEqual(
    [
      ["rbd-ctl1-glance-after", "state ready"],
      ["rbd-ctl1-glance-restart", "state drain"],
      ["rbd-ctl2-glance-after", "state ready"],
      ["rbd-ctl2-glance-restart", "state drain"],
    ],
  );
  expect(graph["rbd-ctl1-glance-service"]).toContain("rbd-ctl1-glance-restart");
  expect(graph["rbd-ctl2-glance-restart"]).toContain("rbd-ctl1-glance-after");
});
