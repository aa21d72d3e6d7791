/** The shapes of what the roles alone take. Pure. */
import { Resource } from "@pulumi/pulumi";
import { adopt, entityName, generation } from "../../providers/argument-rules/index.js";
import type { CinderBackendArgs } from "../cinder-backend.js";
import type { CinderBackupArgs } from "../cinder-backup.js";
import type { GlanceStoreArgs } from "../glance-store.js";
import type { NovaComputeArgs } from "../nova-compute.js";
import type { Entity, RoleArgs, VolumeUser } from "../role-args.js";
import {
  cephConf,
  cluster,
  hosts,
  OF_CINDER,
  OF_GLANCE,
  OF_NOVA,
  roleOptions,
  silence,
} from "./argument-shapes.js";
import { layout } from "./layout-shapes.js";
import { anything, fields, flag, isObject, list, oneOfKinds, ruled, text, type Fields } from "./shapes.js";

/** Of a resource its outputs are known to be what they are called. */
const entity = oneOfKinds(
  [
    { is: (given) => Resource.isInstance(given) && "entity" in given, check: anything },
    {
      is: isObject,
      check: fields<Entity>(
        { entity: ruled(entityName), keyGeneration: ruled(generation) },
        { required: ["entity"] },
      ),
    },
  ],
  'a CephAuthEntity, or { entity: "client.…" }',
);

const REQUIRED = { required: ["hosts", "cluster", "user", "pool"] };

const common = (example: readonly [string, string]): Fields<RoleArgs & { pool: string }> => ({
  hosts,
  cluster,
  openstackRelease: anything,
  user: text,
  entity,
  conf: text,
  layout,
  clientFiles: flag,
  ...roleOptions(example),
  cephConf,
  silence,
  pool: text,
});

/** By the component's class. */
export const ALONE = {
  GlanceStore: fields<GlanceStoreArgs>({ ...common(OF_GLANCE), store: text, enable: flag }, REQUIRED),
  CinderBackend: fields<CinderBackendArgs>(
    { ...common(OF_CINDER), backend: text, secretUuid: text, enable: flag },
    REQUIRED,
  ),
  CinderBackup: fields<CinderBackupArgs>(
    {
      ...common(OF_CINDER),
      volumeUsers: list(
        fields<VolumeUser>({ user: text, entity, cluster }, { required: ["user", "entity"] }),
      ),
    },
    REQUIRED,
  ),
  NovaCompute: fields<NovaComputeArgs>(
    { ...common(OF_NOVA), secretUuid: text, adopt: ruled(adopt), directories: flag },
    REQUIRED,
  ),
};
