/** What people do between runs. */
import { newKey } from "../../../providers/formats/keyring";
import { poolNamed, type FakeEntity } from "../fake-ceph-pools";
import { installByHand, removeByHand } from "./apt";
import type { Act } from "./acts";
import type { MemoryMachine } from "./machine";
import { propertyByHand } from "./images";
import { CINDER, ENTITY, FOREIGN, keyringPath, POOL, type World } from "./world";

const rewritten = ({ files }: MemoryMachine, path: string, change: (bytes: string) => string): void => {
  const file = files.get(path);
  if (file !== undefined) files.set(path, { ...file, bytes: change(file.bytes) });
};

type Caps = FakeEntity["caps"];

const changeKey = ({ cluster, machines }: World, distributed: boolean): void => {
  const entity = cluster.entities.get(ENTITY);
  if (entity === undefined) return;
  const old = entity.key;
  entity.key = newKey();
  if (!distributed) return;
  for (const machine of machines) {
    rewritten(machine, keyringPath, (bytes) => bytes.replaceAll(old, entity.key));
    for (const [uuid, secret] of machine.secrets)
      if (secret.value === old) machine.secrets.set(uuid, { ...secret, value: entity.key });
  }
};

const recap = ({ cluster }: World, change: (caps: Caps) => Caps): void => {
  const entity = cluster.entities.get(ENTITY);
  if (entity !== undefined) entity.caps = change(entity.caps);
};

const withClause =
  (clause: string) =>
  ({ osd, ...rest }: Caps): Caps => ({ ...rest, osd: [osd ?? [], clause].flat().join(", ") });

const moved = (machine: MemoryMachine, from: string, to: string): void => {
  const file = machine.files.get(from);
  if (file === undefined || machine.files.has(to)) return;
  machine.files.set(to, file);
  machine.files.delete(from);
};

type Doing = (world: World, machine: MemoryMachine) => void;

const DOINGS: Readonly<Record<Act, Doing>> = {
  "key changed by hand": (world) => changeKey(world, false),
  "key changed by hand and distributed": (world) => changeKey(world, true),
  "entity deleted": ({ cluster }) => void cluster.entities.delete(ENTITY),
  "keyring deleted": (_world, { files }) => void files.delete(keyringPath),
  "keyring given to root": (_world, { files }) => {
    const file = files.get(keyringPath);
    if (file !== undefined) files.set(keyringPath, { ...file, user: "root", group: "root", mode: "0600" });
  },
  "ceph.conf removed": (_world, { files }) => void files.delete("/etc/ceph/ceph.conf"),
  "pool deleted": ({ cluster }) => {
    const pool = poolNamed(cluster, POOL);
    if (pool !== undefined) cluster.pools.delete(pool.id);
  },
  "caps taken away": (world) => recap(world, () => ({ mon: "profile rbd" })),
  "a clause added to its caps": (world) => recap(world, withClause(FOREIGN + POOL)),
  "the pool of images added to its caps": (world) => recap(world, withClause("profile rbd pool=images")),
  "caps of another daemon added": (world) => recap(world, (caps) => ({ ...caps, mgr: "profile rbd" })),
  "option changed": (_world, machine) =>
    rewritten(machine, CINDER, (bytes) => bytes.replace(/^rbd_user = .*$/m, "rbd_user = person")),
  "line added": (_world, machine) => rewritten(machine, CINDER, (bytes) => `${bytes}# a person was here\n`),
  "cinder.conf moved away": (_world, machine) => moved(machine, CINDER, `${CINDER}.away`),
  "cinder.conf put back": (_world, machine) => moved(machine, `${CINDER}.away`, CINDER),
  "pool renamed": ({ cluster }) => {
    const [pool, other] = [POOL, "renamed"].map((name) => poolNamed(cluster, name));
    // Ceph renames none to a name that is taken.
    if (pool !== undefined && other === undefined) pool.name = "renamed";
  },
  "secret deleted": (_world, { secrets }) => secrets.clear(),
  "ceph-common installed": (_world, machine) => installByHand(machine, "ceph-common"),
  "qemu-block-extra installed": (_world, machine) => installByHand(machine, "qemu-block-extra"),
  "librbd1 removed": (_world, machine) => removeByHand(machine, "librbd1"),
  "image's property changed": ({ glance }) => propertyByHand(glance, "hw_disk_bus", "person"),
  "directory removed": (_world, { files }) => void files.delete("/srv/guests"),
};

export const byHand = (world: World, act: Act, machine: number): void => {
  const at = world.machines[machine];
  if (at !== undefined) DOINGS[act](world, at);
};
