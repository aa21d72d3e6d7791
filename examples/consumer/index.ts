/** Another team's stack: what volume types, hypervisors and quotas must be told of the storage, read from the stack that makes it. */
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const storage = new pulumi.StackReference(config.require("storage"));

const read = <T>(name: string): pulumi.Output<T> => storage.requireOutput(name).apply((value: T) => value);

const fsid = read<string>("fsid");
const secretUuid = read<string>("secretUuid");
const pools = read<Record<string, string>>("pools");
const backends = read<string[]>("cinderBackends");

/** One volume type for each backend of Cinder: `openstack volume type create --property volume_backend_name=…`. */
export const volumeTypes = backends.apply((names) =>
  Object.fromEntries(names.map((name) => [`rbd-${name}`, { volume_backend_name: name }])),
);

/** What a hypervisor of another deployment needs in nova.conf and in libvirt. */
export const hypervisor = { rbd_secret_uuid: secretUuid, fsid };

/** Pools to watch. */
export const watchedPools = pools.apply((names) => Object.values(names).sort());
