/** Where a check finds who runs the service, and its key: in containers, and on computes in libvirt. */
import { expect, test } from "@jest/globals";
import {
  checkSite,
  cluster,
  entityOf,
  FOLDER,
  inputsOf,
  keyringOf,
  putKeyring,
  scratch,
  VOLUMES,
  type User,
} from "../support/check-site";
import { ceph, on } from "../support/hosts";

const KEYRING = keyringOf("cinder");
const AS_CINDER = ["setpriv", "--reuid=cinder", "--regid=cinder", "--clear-groups"];

/** What the service is in the process list, and no other process of its user. */
const SERVICE = "sleep 3601";

/** Works in a process namespace of its own on vol1, as in a container, whose first process is the command. */
const inside = async (command: string, work: (prefix: readonly string[]) => Promise<void>): Promise<void> => {
  const found = await on(
    "vol1",
    `setsid unshare --fork --pid --mount-proc sh -c '${command}' >/dev/null 2>&1 </dev/null &
     for try in $(seq 600); do pgrep -u cinder -f '^${SERVICE}' && exit 0; sleep 0.1; done; exit 1`,
  );
  const pid = found.trim();
  try {
    await work(["nsenter", "-t", pid, "--mount", "--pid", "--"]);
  } finally {
    await on("vol1", `kill -KILL ${pid}`);
  }
};

const site = checkSite(() => on("vol1", `chown root: ${KEYRING}; chmod 0644 ${KEYRING}`));

/** Nobody says who the service's user is. */
const ask = (prefix: readonly string[]) =>
  site.verdict(
    inputsOf("cinder", { user: undefined, prefix, can: { write: [VOLUMES] }, timeoutSeconds: 60 }),
  );

test("a keyring of root's that everybody reads is no trouble to a container whose first process is another user's", async () => {
  await inside(`exec ${AS_CINDER.join(" ")} ${SERVICE}`, async (prefix) => {
    expect(await ask(prefix)).toBe("");
    await on("vol1", `chmod 0600 ${KEYRING}`);
    expect(await ask(prefix)).toMatch(/keyring: \d+ cannot read .*cinder\.keyring \(root:0 0600\)/);
    await on("vol1", `chmod 0644 ${KEYRING}`);
  });
}, 120_000);

test("nor to one whose first process is an init of root's beside the service", async () => {
  await inside(`${AS_CINDER.join(" ")} ${SERVICE} & wait`, async (prefix) => {
    expect(await ask(prefix)).toBe("");
  });
}, 120_000);

test("nor to one into which each program goes as the service's user", async () => {
  expect(await ask(AS_CINDER)).toBe("");
}, 120_000);

test("on the host itself root's keyring says nothing of the service, and its owner does", async () => {
  expect(await ask([])).toContain("belongs to root, so that it does not say who runs the service");
  await putKeyring("cinder");
  expect(await ask([])).toBe("");
  expect(await scratch()).toBe("");
}, 120_000);

test("on a compute libvirt's secret must open the pools: gone, without a value, with another key it is told", async () => {
  const uuid = "0b4a2bd6-5a38-4a4c-9b9f-1f3f6a5d8c11";
  const xml = `<secret ephemeral="no" private="no"><uuid>${uuid}</uuid><usage type="ceph"><name>check secret</name></usage></secret>`;
  const key = async (user: User) => (await ceph(`ceph auth get-key ${entityOf(user)}`)).trim();
  const set = async (user: User) =>
    on("cmp1", `virsh -q secret-set-value ${uuid} --file /dev/stdin >/dev/null`, await key(user));
  const text = await on("vol1", `cat ${KEYRING}`);
  await on(
    "cmp1",
    `mkdir -p ${FOLDER}; cat >${FOLDER}/ceph.conf`,
    await on("vol1", `cat ${FOLDER}/ceph.conf`),
  );
  await on("cmp1", `umask 077; cat >${KEYRING}; chown nova: ${KEYRING}`, text);
  const ask = () => site.verdict(inputsOf("cinder", { host: "cmp1", user: "nova", libvirtSecret: uuid }));
  try {
    expect(await ask()).toContain(`secret: libvirt on cmp1 has no secret ${uuid}`);
    await on("cmp1", "virsh -q secret-define /dev/stdin >/dev/null", xml);
    expect(await ask()).toContain(`secret: libvirt's secret ${uuid} has no value`);
    await set("glance");
    const other = await ask();
    expect(other).toMatch(
      /secret: libvirt's secret .* holds a key of client\.check-cinder that the cluster refuses \(sha256:/,
    );
    expect(other).not.toContain(await key("glance"));
    await set("cinder");
    expect(await ask()).toBe("");
    // A compute that serves guests of that cluster alone has neither conf nor keyring of it.
    const bare = { cluster: cluster(), conf: `${FOLDER}/none.conf`, user: undefined, keyring: undefined };
    const guests = () =>
      site.verdict(inputsOf("cinder", { host: "cmp1", guestsOnly: true, libvirtSecret: uuid, ...bare }));
    expect(await guests()).toBe("");
    await set("glance");
    expect(await guests()).toMatch(/holds a key of client\.check-cinder that the cluster refuses/);
  } finally {
    await on("cmp1", `virsh -q secret-undefine ${uuid} || true; rm -rf ${FOLDER}`);
  }
}, 300_000);
