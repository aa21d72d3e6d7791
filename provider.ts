/**
 * The entry that state loads: `provider(kind, protocol)`. A contract for ever (`providers/kernel/stub.ts`): every stub ever stored calls it.
 * It never imports `index.ts`.
 */
import type { dynamic } from "@pulumi/pulumi";
import { appendFileSync } from "node:fs";
import { newDoctor } from "./providers/doctor/index.js";
import { artifacts } from "./providers/index.js";
import { newSurroundings } from "./providers/kernel/surroundings.js";
import { engineAddress, watchEngine } from "./providers/remote/engine-watch.js";

/** Set by `pulumi-ceph-openstack doctor`: the file that findings are added to. */
const findings = process.env["CEPH_OPENSTACK_DOCTOR"];
const examine =
  findings === undefined ? undefined : newDoctor((line) => appendFileSync(findings, `${line}\n`));
const surroundings = newSurroundings({ examine });
let watched = false;

/** Pulumi's dynamic provider process is started with the engine's address; when the engine is gone, so are we, and our connections. */
const watch = (): void => {
  const [, script = ""] = process.argv;
  const engine = engineAddress(process.argv);
  if (watched || engine === undefined || !script.includes("dynamic-provider")) return;
  watched = true;
  watchEngine(engine, () => process.exit(0));
};

/**
 * The provider of one kind of artifact.
 * @param kind e.g. "CephPool"
 * @param protocol the version of this contract that the caller was written for; 1
 * @throws Error for a kind or a protocol that this version does not know
 */
export const provider = (kind: string, protocol: number): dynamic.ResourceProvider => {
  if (protocol !== 1)
    throw new Error(`pulumi-ceph-openstack is too old for this state: it speaks protocol 1, not ${protocol}`);
  const serve = Object.entries(artifacts).find(([name]) => name === kind)?.[1];
  if (serve === undefined)
    throw new Error(`pulumi-ceph-openstack knows no ${kind}; it knows ${Object.keys(artifacts).join(", ")}`);
  watch();
  return serve(surroundings);
};
