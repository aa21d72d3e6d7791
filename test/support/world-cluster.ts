/** What is so in the cluster, seen by `python3-rados` on the admin host and by nothing of this package. */
import { on } from "./hosts";
import { sha, type Thing } from "./world-things";

interface PoolLook {
  readonly pool_id: number;
  readonly pool_name: string;
  readonly size: number;
  readonly min_size: number;
  readonly pg_num_target: number;
  readonly pg_autoscale_mode: string;
  readonly crush_rule: number;
  readonly quota_max_bytes: number;
  readonly quota_max_objects: number;
  readonly flags_names: string;
  readonly application_metadata: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, string | number>>;
}

const poolThing = (pool: PoolLook): Thing => {
  const facts = {
    name: pool.pool_name,
    size: pool.size,
    minSize: pool.min_size,
    pgNum: pool.pg_num_target,
    pgAutoscaleMode: pool.pg_autoscale_mode,
    crushRule: pool.crush_rule,
    "quota.maxBytes": pool.quota_max_bytes,
    "quota.maxObjects": pool.quota_max_objects,
    application: Object.keys(pool.application_metadata).sort().join(" "),
  };
  const flags = pool.flags_names.split(",").map((flag): [string, string] => [`flag ${flag}`, "set"]);
  const options = Object.entries(pool.options).map(([key, value]): [string, string] => [
    `option ${key}`,
    String(value),
  ]);
  const named = Object.entries(facts).map(([key, value]): [string, string] => [key, String(value)]);
  return [`pool/${pool.pool_id}`, new Map([...named, ...flags, ...options])];
};

interface EntityLook {
  readonly entity: string;
  readonly key: string;
  readonly caps: Readonly<Record<string, string>>;
}

const entityThing = ({ entity, key, caps }: EntityLook): Thing => {
  const clauses = Object.entries(caps).flatMap(([service, text]) =>
    text.split(",").map((clause): [string, string] => [`caps.${service}["${clause.trim()}"]`, "granted"]),
  );
  return [`entity/${entity}`, new Map([...clauses, ["key", sha(key)]])];
};

interface RuleLook {
  readonly rule_name: string;
  readonly type: number;
  readonly steps: unknown;
}

/** One start of Python costs what one start of `ceph` does, and asks it all. */
const LOOK = `
import json, rados
def ask(prefix, **more):
    code, out, text = cluster.mon_command(json.dumps({"prefix": prefix, "format": "json", **more}), b"")
    if code != 0: raise SystemExit(prefix + ": " + text)
    return json.loads(out)
# Without its shutdown at the end of the block the interpreter crashes at its own end, once in a thousand times.
with rados.Rados(conffile="/etc/ceph/ceph.conf") as cluster:
    print(json.dumps({
        "pools": ask("osd pool ls", detail="detail"),
        "entities": ask("auth ls")["auth_dump"],
        "profiles": ask("osd dump")["erasure_code_profiles"],
        "rules": ask("osd crush rule dump"),
    }))`;

interface ClusterLook {
  readonly pools: readonly PoolLook[];
  readonly entities: readonly EntityLook[];
  readonly profiles: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly rules: readonly RuleLook[];
}

/** What is so in the cluster. */
export const clusterThings = async (): Promise<Thing[]> => {
  const look = JSON.parse(await on("mon1", "/usr/bin/python3 -", LOOK)) as ClusterLook;
  return [
    ...look.pools.map(poolThing),
    ...look.entities.map(entityThing),
    ...Object.entries(look.profiles).map(([name, facts]): Thing => [
      `profile/${name}`,
      new Map(Object.entries(facts)),
    ]),
    ...look.rules.map(({ rule_name, type, steps }): Thing => [
      `rule/${rule_name}`,
      new Map([["steps", JSON.stringify([type, steps])]]),
    ]),
  ];
};
