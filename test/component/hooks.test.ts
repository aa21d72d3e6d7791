/** Resources of a program's own, before and after each role on each host. */
import { describe, expect, test } from "@jest/globals";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type CephOpenStackIntegrationArgs, type HookPlace, type Hooks } from "../../index";
import { triggerOf } from "../../providers/service/index";
import { graphOf, waitsOf, type Graph } from "../support/graph";

const args: CephOpenStackIntegrationArgs = {
  cluster: { fsid: "6c1f6f0e-1111-4222-8333-444455556666", admin: "mon1" },
  openstackRelease: "zed",
  glance: { hosts: ["ctl1", "ctl2"] },
  cinder: { hosts: ["vol1"] },
  cinderBackup: { hosts: ["vol1"] },
  nova: { hosts: ["cmp1", "cmp2"] },
  manage: { checks: true, services: { batch: 1 }, images: { cloud: "admin", names: ["debian"] } },
};

type More = Partial<CephOpenStackIntegrationArgs>;

const command = ({ name, triggers, opts }: HookPlace): local.Command =>
  new local.Command(name, { create: "true", triggers: [triggers] }, opts);

/** A program that has a command at every place, or at those that are picked. */
const hooked = async (more: More = {}, picks: (at: HookPlace) => boolean = () => true) => {
  const asked: HookPlace[] = [];
  const hooks: Hooks = (at) => {
    asked.push(at);
    return picks(at) ? command(at) : undefined;
  };
  return { asked, ...(await graphOf({ ...args, ...more, hooks })) };
};

/** The program that most tests look at runs once. */
let first: ReturnType<typeof hooked> | undefined;
const usual = (): ReturnType<typeof hooked> => (first ??= hooked());

/** Which of the names it waits for. */
const waited = (graph: Graph, name: string, among: RegExp): string[] =>
  [...waitsOf(graph, name)].filter((one) => among.test(one)).sort();

const HOOK = /-(?:before|restart|after)$/;

const placesOf = (asked: readonly HookPlace[], host: string): string[] =>
  asked.filter((at) => at.host === host).map(({ role, when }) => `${role} ${when}`);

describe("what is asked for", () => {
  test("is each time of each role on each host, once", async () => {
    const { asked } = await usual();
    expect(placesOf(asked, "vol1").sort()).toEqual([
      ...["cinder after", "cinder before", "cinder restart"],
      ...["cinderBackup after", "cinderBackup before", "cinderBackup restart"],
    ]);
    expect(placesOf(asked, "cmp2").sort()).toEqual(["nova after", "nova before", "nova restart"]);
    expect(asked).toHaveLength((2 + 2 + 2) * 3);
  });

  test("has a name by role and host, and belongs to its host", async () => {
    const { asked, parents } = await usual();
    expect(asked.find(({ role, when }) => role === "cinderBackup" && when === "after")?.name).toBe(
      "rbd-vol1-cinder-backup-after",
    );
    for (const { name, host } of asked) expect(parents[name]).toBe(`rbd-${host}`);
  });

  test("is the same where services are not managed", async () => {
    const names = ({ asked }: Pick<Awaited<ReturnType<typeof hooked>>, "asked">) =>
      asked.map(({ name }) => name).sort();
    expect(names(await hooked({ manage: false }))).toEqual(names(await usual()));
  });
});

describe("what waits for what", () => {
  test("on a host: packages and files wait for what is before, the restart for its own, and the check for what is after it", async () => {
    const { graph } = await usual();
    const place = "rbd-cmp1-nova";
    for (const name of ["rbd-cmp1-packages", "rbd-cmp1-conf", "rbd-cmp1-secret", `${place}-libvirt`])
      expect(graph[name]).toContain(`${place}-before`);
    for (const file of ["rbd-cmp1-conf", "rbd-cmp1-keyring-cinder", "rbd-cmp1-secret", `${place}-libvirt`])
      expect(graph[`${place}-restart`]).toContain(file);
    expect(graph[`${place}-service`]).toContain(`${place}-restart`);
    expect(graph[`${place}-after`]).toContain(`${place}-service`);
    expect(graph[`${place}-check`]).toContain(`${place}-after`);
  });

  test("what is before all waits for its restart at a destroy alone, which makes nothing: so it is deleted between the files and this restart", async () => {
    const { asked, graph } = await usual();
    for (const { name, when } of asked)
      if (when === "before") expect(graph[name]).toEqual([name.replace(/before$/, "service-undo")]);
    const { asked: all, graph: unmanaged } = await hooked({ manage: false });
    for (const { name, when } of all) if (when === "before") expect(unmanaged[name]).toEqual([]);
  });

  test("what is before all, a restart at a destroy, and a file wait for no hook of another host", async () => {
    const { graph } = await usual();
    for (const name of Object.keys(graph).filter((one) => /-(?:before|undo)$/.test(one)))
      expect(waited(graph, name, HOOK)).toEqual([]);
    expect(waited(graph, "rbd-cmp2-nova-libvirt", HOOK)).toEqual(["rbd-cmp2-nova-before"]);
    expect(waited(graph, "rbd-vol1-conf", HOOK)).toEqual([
      "rbd-vol1-cinder-backup-before",
      "rbd-vol1-cinder-before",
    ]);
  });

  test("the next wave waits for what is after the one before, computes for all other roles', and images for all", async () => {
    const { graph } = await usual();
    expect(waited(graph, "rbd-ctl2-glance-restart", /-after$/)).toEqual(["rbd-ctl1-glance-after"]);
    const others = ["ctl1-glance", "ctl2-glance", "vol1-cinder", "vol1-cinder-backup"];
    const after = (places: readonly string[]) => places.map((place) => `rbd-${place}-after`);
    expect(waited(graph, "rbd-cmp1-nova-restart", /-after$/)).toEqual(after(others));
    for (const name of ["rbd-cmp2-nova-restart", "rbd-cmp2-nova-service"])
      expect(waited(graph, name, /-after$/)).toEqual(after(["cmp1-nova", ...others]));
    expect(waited(graph, "rbd-image-debian", /-after$/)).toEqual(
      after(["cmp1-nova", "cmp2-nova", ...others]),
    );
  });

  test("where services are not managed the waves are those of the commands", async () => {
    const { graph } = await hooked({ manage: { services: false } });
    expect(graph["rbd-ctl2-glance-after"]).toContain("rbd-ctl2-glance-rbd");
    expect(waited(graph, "rbd-ctl2-glance-after", /-after$/)).toEqual(["rbd-ctl1-glance-after"]);
    expect(waited(graph, "rbd-cmp1-nova-after", /vol1.*-after$/)).toHaveLength(2);
  });

  test("a host for which nothing is given breaks no chain", async () => {
    const hosts = ["ctl1", "ctl2", "ctl3"];
    const { graph } = await hooked(
      { glance: { hosts }, manage: false },
      ({ host, when }) => host !== "ctl2" && when === "after",
    );
    expect(graph).not.toHaveProperty("rbd-ctl2-glance-after");
    expect(waited(graph, "rbd-ctl3-glance-after", /-after$/)).toEqual(["rbd-ctl1-glance-after"]);
  });

  test("all of a list is waited for", async () => {
    const hooks: Hooks = (at) =>
      at.when === "before" ? ["a", "b"].map((one) => command({ ...at, name: `${at.name}-${one}` })) : [];
    const { graph } = await graphOf({ ...args, hooks });
    expect(graph["rbd-cmp1-conf"]).toEqual(
      expect.arrayContaining(["rbd-cmp1-nova-before-a", "rbd-cmp1-nova-before-b"]),
    );
  });

  test("hooks that give nothing add no resource, change no parent, and keep everything that is waited for", async () => {
    const none = await graphOf(args);
    const empty = await graphOf({ ...args, hooks: () => undefined });
    expect(empty.parents).toEqual(none.parents);
    expect(empty.resources.map(({ name, inputs }) => [name, inputs])).toEqual(
      none.resources.map(({ name, inputs }) => [name, inputs]),
    );
    for (const name of Object.keys(none.graph))
      expect(waitsOf(empty.graph, name)).toEqual(waitsOf(none.graph, name));
  });
});

describe("triggers", () => {
  /** Inputs of a resource. */
  const inputsOf = async (name: string) => {
    const { resources } = await usual();
    return resources.find((one) => one.name === name)?.inputs ?? {};
  };

  test.each(["rbd-cmp1-nova", "rbd-vol1-cinder", "rbd-vol1-cinder-backup", "rbd-ctl2-glance"])(
    "of %s are those of its restart",
    async (place) => {
      const { triggers } = await inputsOf(`${place}-service`);
      for (const when of ["before", "restart", "after"])
        expect(await inputsOf(`${place}-${when}`)).toMatchObject({ triggers: [triggers] });
    },
  );

  /** Places whose triggers these arguments change. */
  const changedBy = async (more: More): Promise<string[]> => {
    const [before, after] = [await usual(), await hooked(more)].map(
      ({ resources }) =>
        new Map(resources.map(({ name, inputs }) => [name, JSON.stringify(inputs["triggers"])])),
    );
    return [...(before ?? [])]
      .filter(([name, triggers]) => name.endsWith("-before") && after?.get(name) !== triggers)
      .map(([name]) => name);
  };

  test.each<[string, More, string[]]>([
    [
      "an option of Nova",
      {
        nova: { hosts: ["cmp1", "cmp2"], options: { libvirt: { disk_cachemodes: "network=none" } } },
      },
      ["rbd-cmp1-nova-before", "rbd-cmp2-nova-before"],
    ],
    [
      "a rotation of Glance's key",
      { keyGenerations: { glance: 2 } },
      ["rbd-ctl1-glance-before", "rbd-ctl2-glance-before"],
    ],
    [
      "a secret option of cinder-backup alone",
      { cinderBackup: { hosts: ["vol1"], secretOptions: { DEFAULT: { backup_swift_key: "hunter2" } } } },
      ["rbd-vol1-cinder-backup-before"],
    ],
    ["a probe", { manage: { services: { probes: { nova: { tcp: 1 } } } } }, []],
  ])("change by %s where it is read, and nowhere else", async (_, more, places) => {
    expect(await changedBy(more)).toEqual(places);
  });

  test("have the hash of a secret, as a secret", async () => {
    const { asked } = await hooked({
      nova: { hosts: ["cmp1"], secretOptions: { keystone_authtoken: { password: "hunter2" } } },
    });
    const trigger = asked.find(({ host }) => host === "cmp1")?.triggers["[keystone_authtoken] password"];
    expect(await pulumi.isSecret(pulumi.output(trigger))).toBe(true);
    const value = await new Promise((told) => pulumi.output(trigger).apply(told));
    expect(value).toBe(triggerOf("hunter2"));
  });
});

describe("refused", () => {
  /** What a program without types does. */
  const said = async (more: object): Promise<string> => {
    try {
      await graphOf({ ...args, ...more });
    } catch (error) {
      return error instanceof pulumi.RunError ? error.message : `another error: ${String(error)}`;
    } finally {
      await pulumi.runtime.disconnect();
    }
    return "nothing";
  };

  test.each<[string, unknown]>([
    ["a promise", Promise.resolve(undefined)],
    ["a text", "systemctl restart nova-compute"],
    ["a list with something else in it", [undefined]],
    ["false", false],
  ])("is %s in place of a resource, by role and host", async (_, given) => {
    expect(await said({ hooks: ({ host }: HookPlace) => (host === "ctl1" ? given : undefined) })).toBe(
      'CephOpenStackIntegration "rbd":\n  hooks must give a resource, a list of resources or nothing, and not a promise of one: what it gives for "before" of glance on ctl1 is none of these',
    );
  });

  test("is a map of hooks, and a layout whose hosts another tool writes", async () => {
    expect(await said({ hooks: { before: () => undefined } })).toMatch(
      /hooks \(a map\) must be a function that gives/,
    );
    expect(await said({ hooks: () => undefined, layout: "helm", manage: false })).toContain(
      'hooks are for hosts that this program writes: with layout "helm" that tool writes them',
    );
  });
});
