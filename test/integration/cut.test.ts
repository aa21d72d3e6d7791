/** The provider killed, and the connection cut, in the middle of every verb of every artifact: the next run ends as an undisturbed one. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { CephAuthEntity, CephPool } from "../../index";
import type { Outcome, TestStack } from "../support/engine";
import { ceph, clusterDump, difference, snapshot, type HostName } from "../support/hosts";
import { cluster, good, hostArtifacts, lifeStack, removePools } from "../support/lifecycle";
import { killProviders } from "../support/engine-kill";
import { relayTo, type Direction, type Relay } from "../support/relay";

interface Group {
  readonly artifacts: string;
  readonly host: HostName;
  /** The program in its first form and, `changed`, after its update. */
  readonly program: (changed: boolean) => void;
  readonly look: () => Promise<string[]>;
}

const clusters: Group = {
  artifacts: "CephPool and CephAuthEntity",
  host: "mon1",
  program: (changed) => {
    const pool = {
      name: "cut",
      size: changed ? 3 : 2,
      pgNum: 8,
      pgAutoscaleMode: "off",
      onDelete: "remove",
    } as const;
    new CephPool("pool", { cluster: cluster(), ...pool });
    const keyGeneration = changed ? 2 : 1;
    const caps = { mon: changed ? "profile rbd" : "allow r" };
    new CephAuthEntity("entity", { cluster: cluster(), entity: "client.cut", caps, keyGeneration });
  },
  look: async () => {
    const { pools, entities, records } = await clusterDump();
    // A fresh key is another one in every run.
    return `${pools}${entities}${records}`.split("\n").map((line) => line.replace(/^\tkey: .*/, "\tkey"));
  },
};

const hosts: Group = {
  artifacts: "CephKeyringFile, LibvirtSecret, CephConfigFile, ConfigSection and Directory",
  host: "cmp1",
  program: (changed) => hostArtifacts("cut", { entity: "client.cut-host", changed }),
  look: () => snapshot("cmp1"),
};

/** `part`: of the bytes of an undisturbed run, well before its last ones: how often a run looks whether a pool is ready is never the same. */
const ways = [
  { way: "the provider killed while the host is told", kill: true, direction: "toHost", part: 0.85 },
  { way: "the connection cut while the host answers", kill: false, direction: "fromHost", part: 0.7 },
] as const;

const VERBS = ["create", "update", "delete"] as const;
type Verb = (typeof VERBS)[number];
interface Undisturbed {
  readonly passed: Readonly<Record<Direction, number>>;
  readonly world: readonly string[];
}

describe.each([clusters, hosts])("$artifacts", ({ artifacts, host, program, look }) => {
  let relay: Relay;
  let stack: TestStack;
  let undisturbed: Readonly<Record<Verb, Undisturbed>>;

  const run = (verb: Verb): Promise<Outcome> => {
    stack.program(() => program(verb === "update"));
    return verb === "delete" ? stack.destroy() : stack.up();
  };

  beforeAll(async () => {
    if (host === "cmp1") await ceph("ceph auth get-or-create client.cut-host mon 'allow r'");
    relay = await relayTo(host);
    stack = await lifeStack("cut", () => undefined, { env: { CEPH_OPENSTACK_SSH_CONFIG: relay.sshConfig } });
    const measured: [Verb, Undisturbed][] = [];
    for (const verb of VERBS) {
      relay.count();
      good(await run(verb));
      measured.push([verb, { passed: { ...relay.passed }, world: await look() }]);
    }
    undisturbed = Object.fromEntries(measured) as Record<Verb, Undisturbed>;
  }, 180_000);

  afterAll(async () => {
    await stack.destroy();
    await stack.remove();
    await relay.close();
    if (host === "cmp1") await ceph("ceph auth rm client.cut-host");
    else await removePools("cut").catch(() => undefined);
  }, 120_000);

  describe.each(ways)("$way", ({ kill, direction, part }) => {
    test.each(VERBS)(
      "in the middle of %s, then again: as if nothing had been",
      async (verb) => {
        let disturbed = 0;
        const act = () => {
          if (kill) disturbed += killProviders();
          else disturbed += 1;
          if (!kill) relay.cut();
        };
        relay.count({ direction, bytes: Math.floor(undisturbed[verb].passed[direction] * part), act });
        const outcome = await run(verb);
        relay.heal(); // whatever comes of it, the end of this file needs the host
        expect({ artifacts, disturbed }).toEqual({ artifacts, disturbed: 1 });
        expect(outcome.error).toBeDefined();
        relay.count();
        good(await run(verb));
        expect(difference(undisturbed[verb].world, await look())).toEqual([]);
        const { steps } = good(verb === "delete" ? await stack.preview() : await stack.up({ refresh: true }));
        expect(steps.filter(({ op }) => op !== "create" || verb !== "delete")).toEqual([]);
      },
      180_000,
    );
  });
});
