// The job, read from the demo's own preview: what the other ways have to do is what the demo does, whatever the demo is.

const kindOf = (type) => /^pulumi-nodejs:dynamic\/ceph-openstack:(\w+)$/.exec(type.split("$").at(-1))?.[1];

/** Caps as `ceph auth` takes them: kind, then its clauses in one string. */
const capsOf = (caps) =>
  Object.entries(caps).map(([kind, clauses]) => [kind, Object.values(clauses).flat().sort().join(", ")]);

const groupOf = (group) => (group === undefined || group.startsWith("the ") ? "" : group);

/** One entry per section of a file: a person writes a section's options in one go, whoever wants them. */
function merged(sections) {
  const all = new Map();
  for (const { host, path, section, options } of sections) {
    const key = JSON.stringify([host, path, section]);
    all.set(key, { host, path, section, options: { ...all.get(key)?.options, ...options } });
  }
  return [...all.values()];
}

const secretXml = (uuid, usage) =>
  `<secret ephemeral='no' private='no'><uuid>${uuid}</uuid><usage type='ceph'><name>${usage}</name></usage></secret>`;

function resourcesOf(preview) {
  return preview.steps
    .filter(({ newState }) => newState.type !== "pulumi:pulumi:Stack")
    .map(({ urn, newState }) => ({
      name: urn.split("::").at(-1),
      kind: kindOf(newState.type),
      inputs: newState.inputs ?? {},
    }));
}

/**
 * @param {{ steps: { urn: string, newState: { type: string, inputs?: object } }[] }} preview `pulumi preview --json` of a fresh stack
 * @returns what there is to do, in plain data; throws when the demo has a kind that the others do not do
 */
export function jobOf(preview) {
  const resources = resourcesOf(preview);
  const known =
    /^(CephPool|CephAuthEntity|CephConfigFile|CephKeyringFile|ConfigSection|LibvirtSecret|ClientPackages|Service)$/;
  const strange = resources.filter(({ kind }) => kind !== undefined && !known.test(kind));
  if (strange.length > 0)
    throw new Error(`the other ways do not know ${strange.map(({ kind, name }) => `${kind} (${name})`)}`);
  const of = (kind) => resources.filter((one) => one.kind === kind).map(({ inputs }) => inputs);
  const job = {
    resources,
    admin: of("CephPool")[0].cluster.admin,
    pools: of("CephPool").map((p) => ({
      name: p.name,
      size: p.size,
      minSize: p.minSize,
      pgNum: p.pgNum.initial,
    })),
    entities: of("CephAuthEntity").map((e) => ({ entity: e.entity, caps: capsOf(e.caps) })),
    confs: of("CephConfigFile").map(({ host, path }) => ({ host, path })),
    keyrings: of("CephKeyringFile").map(({ host, path, entity, owner, group, mode }) => {
      return { host, path, entity, owner, group: groupOf(group), mode };
    }),
    sections: merged(of("ConfigSection")),
    secrets: of("LibvirtSecret").map(({ host, uuid, usage, entity }) => {
      return { host, uuid, usage, entity, xml: secretXml(uuid, usage) };
    }),
    packages: of("ClientPackages").map(({ host, packages }) => ({ host, packages })),
    units: of("Service")
      .filter(({ at }) => at !== "destroy")
      .map(({ host, unit }) => ({ host, unit })),
  };
  const hosts = [...job.confs, ...job.keyrings, ...job.sections, ...job.secrets].map(({ host }) => host);
  return { ...job, hosts: [...new Set(hosts)].sort() };
}

/** A word of sh. */
export const quoted = (text) => `'${String(text).replaceAll("'", "'\\''")}'`;

/** What of a list of the job is one host's. */
export const on = (list, host) => list.filter((one) => one.host === host);
