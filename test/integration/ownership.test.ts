/** Whose a thing is, where the real engine replaces, renames, stops half-way and destroys. */
import { afterAll, afterEach, expect, test } from "@jest/globals";
import { CephAuthEntity, CephKeyringFile, ConfigSection, Directory, LibvirtSecret } from "../../index";
import type { TestStack } from "../support/engine";
import { ceph, on } from "../support/hosts";
import { cluster, good, lifeStack, records, steps } from "../support/lifecycle";

// Two names of one machine, the second by a jump host.
const [NAME, OTHER] = ["cmp2", "cmp2-jump"];
const ENTITY = "client.whose";
const KEYRING = `/etc/ceph/ceph.${ENTITY}.keyring`;

const stacks: TestStack[] = [];
const stackOf = async (name: string, program: () => void): Promise<TestStack> => {
  const stack = await lifeStack(name, program);
  stacks.push(stack);
  return stack;
};
afterEach(async () => {
  for (const stack of stacks.splice(0)) {
    await stack.destroy();
    await stack.remove();
  }
}, 120_000);
afterAll(async () => {
  await ceph(`ceph auth rm ${ENTITY} 2>/dev/null || true`);
});

interface Making {
  readonly host?: string;
  readonly uri?: string;
  readonly onDelete?: "remove" | "keep";
  /** Appended to every name, and the names of before. */
  readonly named?: string;
  readonly aliases?: string;
}

const everything =
  ({ host = NAME, uri, onDelete, named = "", aliases }: Making = {}) =>
  (): void => {
    const more = onDelete === undefined ? {} : { onDelete };
    const opts = (name: string) =>
      aliases === undefined ? {} : { aliases: [{ name: `${name}${aliases}` }] };
    const caps = { mon: "profile rbd" };
    const auth = new CephAuthEntity(
      `entity${named}`,
      { cluster: cluster(), entity: ENTITY, caps, ...more },
      opts("entity"),
    );
    const key = { host, cluster: cluster(), entity: auth.entity, ...more };
    new CephKeyringFile(`keyring${named}`, { ...key, owner: "root" }, opts("keyring"));
    new LibvirtSecret(`secret${named}`, { ...key, ...(uri === undefined ? {} : { uri }) }, opts("secret"));
    const section = {
      host,
      path: "/etc/nova/nova.conf",
      section: "libvirt",
      options: { images_type: "rbd" },
    };
    new ConfigSection(`section${named}`, { ...section, ...more }, opts("section"));
    new Directory(`directory${named}`, { host, path: "/srv/whose", ...more }, opts("directory"));
  };

/** What there is of it, by hand; times, records and the key itself left out. */
const world = async (): Promise<string> => {
  const host = await on(
    "cmp2",
    `sha256sum ${KEYRING} 2>/dev/null; grep -n images_type /etc/nova/nova.conf; ls -d /srv/whose 2>/dev/null
     for uuid in $(virsh -q secret-list | awk '{print $1}'); do virsh -q secret-dumpxml $uuid; virsh -q secret-get-value $uuid | sha256sum; done; true`,
  );
  return host + (await ceph(`ceph auth ls 2>/dev/null | grep -A3 '^${ENTITY}$' | sha256sum`));
};

const recordsOnHost = (): Promise<string> =>
  on("cmp2", "ls -A /var/lib/pulumi-ceph-openstack 2>/dev/null || true");

test("another name of the host, and of libvirt, replaces and leaves everything as it was; then nothing is to do", async () => {
  const before = await world();
  const stack = await stackOf("whose-name", everything());
  good(await stack.up());
  const there = await world();
  expect(there).not.toBe(before);
  stack.program(everything({ host: OTHER, uri: "qemu+unix:///system" }));
  expect(steps(good(await stack.up()))).toContain("replace secret");
  expect(await world()).toBe(there);
  good(await stack.up({ refresh: true, expectNoChanges: true }));
  expect(await stack.stored()).toMatch(/__token/);
  expect((await stack.preview({ diff: true })).output).not.toContain("__token");
  good(await stack.destroy());
  expect([await world(), await recordsOnHost()]).toEqual([before, ""]);
}, 120_000);

test("the half of a replacement that a later run carries out removes nothing", async () => {
  const before = await world();
  const stack = await stackOf("whose-half", everything());
  good(await stack.up());
  const there = await world();
  const state = JSON.parse(await stack.export()) as { deployment: { resources: { urn: string }[] } };
  const replace = state.deployment.resources.map(({ urn }) => urn).filter((urn) => urn.includes("dynamic"));
  // A host that is down: the new halves of the others are made, and no old one is deleted.
  stack.program(() => {
    everything()();
    new Directory("down", { host: "127.0.0.9", path: "/srv/whose-down" });
  });
  expect((await stack.up({ replace })).error).toBeDefined();
  expect(await stack.export()).toContain('"delete":true');
  expect(await world()).toBe(there);
  stack.program(everything());
  good(await stack.up());
  expect(await stack.export()).not.toContain('"delete":true');
  expect(await world()).toBe(there);
  good(await stack.destroy());
  expect([await world(), await recordsOnHost()]).toEqual([before, ""]);
}, 120_000);

test("after an alias and a change of policy alone a destroy takes everything, with the program or without it", async () => {
  const before = await world();
  const stack = await stackOf("whose-alias", everything());
  good(await stack.up());
  stack.program(everything({ named: "-new", aliases: "", onDelete: "remove" }));
  expect(steps(good(await stack.up())).every((step) => step.startsWith("update"))).toBe(true);
  const gone = good(await stack.destroy({ runProgram: true }));
  expect(gone.output).not.toContain("ceph-openstack: ");
  expect([await world(), await recordsOnHost()]).toEqual([before, ""]);
  expect(await records()).toBe("");
}, 120_000);

test("one machine under two names in one program: an error that names both, and nothing is written", async () => {
  const before = await world();
  const stack = await stackOf("whose-twice", () => {
    new Directory("short", { host: NAME, path: "/srv/whose", mode: "0700" });
    new Directory("long", { host: OTHER, path: "/srv/whose", mode: "0750" });
  });
  const { error, output } = await stack.up();
  expect(error).toBeDefined();
  expect(output.replace(/\s+/g, " ")).toMatch(
    /\/srv\/whose on cmp2(-jump)?, owned by (short|long).*one and the same/,
  );
  stack.program(() => undefined);
  good(await stack.up());
  expect([await world(), await recordsOnHost()]).toEqual([before, ""]);
}, 120_000);
