/** An entity, its keyrings on two hosts and its secret on one of them, in memory. */
import { mkdirSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { cephAuthEntity } from "../../providers/ceph-auth-entity/index";
import { cephKeyringFile } from "../../providers/ceph-keyring-file/index";
import { secretUuid } from "../../providers/formats/libvirt-secret";
import { libvirtSecret } from "../../providers/libvirt-secret/index";
import { Failure } from "../../providers/remote/failure";
import { fakeCeph16_2_15 } from "./fake-ceph";
import { fakeHost, type FakeHost } from "./fake-host";
import { fakeVirsh } from "./fake-virsh";
import { ownerOf, runOf, type ProgramOptions, type Resource } from "./run-of";

export const ENTITY = "client.cinder";

/** Each call of `run` is a process of its own. */
export const keySite = async () => {
  const ceph = fakeCeph16_2_15();
  const [vol1, cmp1] = [fakeHost({ name: "vol1" }), fakeHost({ name: "cmp1" })];
  const virsh = fakeVirsh(cmp1.path("libvirt"));
  const run = (options?: ProgramOptions) => runOf({ mon1: ceph.machine, vol1, cmp1 }, options);
  const cluster = { fsid: ceph.fsid, admin: "mon1" };
  const desired = (more: object = {}) => ({ cluster, entity: ENTITY, caps: { mon: "profile rbd" }, ...more });
  const keyringOn = (host: FakeHost) => host.path("etc", "keyring");
  const file = (host: FakeHost) => ({
    host: host.name,
    cluster,
    entity: ENTITY,
    owner: userInfo().username,
    path: keyringOn(host),
  });
  const secret = { host: "cmp1", cluster, entity: ENTITY, virsh: [virsh.command] };
  const entity = (options?: ProgramOptions) => run(options).of(cephAuthEntity, ownerOf("auth"));
  for (const host of [vol1, cmp1]) mkdirSync(host.path("etc"));
  const made = await entity().create(desired());
  const keyrings: Resource[] = [];
  for (const host of [vol1, cmp1])
    keyrings.push(await run().of(cephKeyringFile, ownerOf(host.name)).create(file(host)));
  const guests = await run().of(libvirtSecret, ownerOf("secret")).create(secret);
  const key = (): string => ceph.entities.get(ENTITY)?.key ?? "";
  const uuid = secretUuid(ceph.fsid, ENTITY);
  const held = (): string[] => [
    ...[vol1, cmp1].map((host) => /key = (\S+)/.exec(host.text(keyringOn(host)))?.[1] ?? ""),
    readFileSync(virsh.secret(uuid, "base64"), "utf8").trim(),
  ];
  const rotate = (options?: ProgramOptions, state = made, keyGeneration = 2): Promise<Resource> =>
    entity(options).update(state, desired({ keyGeneration }));
  return {
    ceph,
    vol1,
    cmp1,
    run,
    made,
    keyrings,
    guests,
    key,
    held,
    rotate,
    entity,
    desired,
    file,
    secret,
    virsh,
    uuid,
    keyringOn,
    cluster,
  };
};
export type KeySite = Awaited<ReturnType<typeof keySite>>;

export const down = (host: FakeHost): void => {
  host.before = () => {
    throw new Failure({ code: "unreachable", host: host.name, what: "no route to host" });
  };
};
