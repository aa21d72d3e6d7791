/** Options that a role's own arguments stand for: below what its `options` say. Pure. */
import type { CephOpenStackIntegrationArgs } from "../integration-args.js";
import type { Options, Role, SecretSections, Sections } from "../releases/index.js";
import { backendsOf } from "./uses.js";

type Args = CephOpenStackIntegrationArgs;

/** What arguments come to in a role's file. */
export interface TypedOptions {
  readonly options: Sections;
  readonly secretOptions: SecretSections;
}

const NONE: TypedOptions = { options: {}, secretOptions: {} };

/** @see https://docs.openstack.org/glance/latest/admin/multistores.html */
const glance = ({ glance: spec }: Args): TypedOptions => {
  const { staging, tasks } = spec?.reservedStores ?? {};
  return {
    ...NONE,
    options: {
      ...(staging === undefined ? {} : { os_glance_staging_store: { filesystem_store_datadir: staging } }),
      ...(tasks === undefined ? {} : { os_glance_tasks_store: { filesystem_store_datadir: tasks } }),
    },
  };
};

/**
 * The address of the coordination service may hold a password: Cinder itself calls it a secret since 2023.1.
 * @see https://docs.openstack.org/cinder/latest/contributor/high_availability.html
 */
const cinder = (args: Args): TypedOptions => {
  const active = args.cinder?.activeActive;
  const backends = backendsOf(args).map(({ name, backendHost, availabilityZone }): [string, Options] => [
    name,
    {
      ...(backendHost === undefined ? {} : { backend_host: backendHost }),
      ...(availabilityZone === undefined ? {} : { backend_availability_zone: availabilityZone }),
    },
  ]);
  return {
    options: {
      ...(active === undefined ? {} : { DEFAULT: { cluster: active.cluster } }),
      ...Object.fromEntries(backends),
    },
    secretOptions: active === undefined ? {} : { coordination: { backend_url: active.coordination } },
  };
};

/** What a role's own arguments come to. */
export const typedOptions = (args: Args, role: Role): TypedOptions =>
  role === "glance" ? glance(args) : role === "cinder" ? cinder(args) : NONE;
