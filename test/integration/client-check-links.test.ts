/** Each link of the chain broken one by one on real hosts: every one has words of its own, and nothing is left. */
import { expect, test } from "@jest/globals";
import {
  checkSite,
  clausesOf,
  cluster,
  entityOf,
  FOLDER,
  IMAGES,
  inputsOf,
  keyringOf,
  putConf,
  putKeyring,
  scratch,
  SCRATCH,
  setCaps,
  USERS,
  VMS,
  VOLUMES,
  type User,
} from "../support/check-site";
import { ceph, on } from "../support/hosts";

const CONF = `${FOLDER}/ceph.conf`;
const KEYRING = keyringOf("cinder");

const site = checkSite();

test("with the caps that the component derives, every user does what it must, and leaves nothing", async () => {
  for (const user of Object.keys(USERS) as User[]) expect(await site.verdict(inputsOf(user))).toBe("");
  expect(await scratch()).toBe("");
}, 180_000);

const LINKS: readonly (readonly [string, string, readonly RegExp[], () => Promise<unknown>])[] = [
  ["conf is gone", `rm ${CONF}`, [/conf: .*ceph\.conf is not there/, /A CephConfigFile on vol1/], putConf],
  [
    "conf is closed to the user",
    `chmod 0600 ${CONF}`,
    [/conf: cinder cannot read .*root:0 0600/, /mode: "0644"/],
    putConf,
  ],
  [
    "conf is of another cluster",
    `sed -i 's/fsid = ./fsid = 0/; s/fsid = 0\\(.*\\)[0-9a-f]$/fsid = 0\\10/' ${CONF}`,
    [/conf: .* is of the cluster 0.*, and the program names/],
    putConf,
  ],
  [
    "conf names a monitor that is none",
    `sed -i 's/^\\(.*mon_host = \\).*/\\1127.0.0.1:6789/' ${CONF}`,
    [/network: no monitor answers on vol1's way to it: 127\.0\.0\.1:6789: Connection refused/, /mon_host/],
    putConf,
  ],
  ["conf names no monitor", `sed -i /mon_host/d ${CONF}`, [/conf: .* names no monitor/], putConf],
  [
    "keyring is gone",
    `rm ${KEYRING}`,
    [
      /keyring: there is none for client\.check-cinder; Ceph looks for it at .*cinder\.keyring/,
      /CephKeyringFile on vol1/,
    ],
    () => putKeyring("cinder"),
  ],
  [
    "keyring has another owner",
    `chown root: ${KEYRING}`,
    [/keyring: cinder cannot read .*cinder\.keyring \(root:0 0600\)/, /owner: "cinder"/],
    () => putKeyring("cinder"),
  ],
  [
    "keyring holds another entity",
    `sed -i 's/^\\[.*/[client.other]/' ${KEYRING}`,
    [/keyring: .* holds client\.other, and no key of client\.check-cinder/],
    () => putKeyring("cinder"),
  ],
  [
    "keyring holds another key",
    `cp ${keyringOf("glance")} /root/k; sed 's/check-glance/check-cinder/' /root/k >${KEYRING}; rm /root/k`,
    [/key: the cluster refuses the key of client\.check-cinder that .* \(sha256:[0-9a-f]{16}\)/, /rotated/],
    () => putKeyring("cinder"),
  ],
];

const undone = async (clauses: readonly string[], verify: () => Promise<void>): Promise<void> => {
  await setCaps("cinder", clauses);
  try {
    await verify();
  } finally {
    await setCaps("cinder", clausesOf("cinder"));
  }
};

test.each(LINKS)(
  "%s",
  async (_name, command, said, mend) => {
    await on("vol1", command);
    const verdict = await site.verdict(inputsOf("cinder", { timeoutSeconds: 30 }));
    await mend();
    for (const words of said) expect(verdict).toMatch(words);
    expect(verdict).not.toMatch(/key = |A[Qg][A-Za-z0-9+/]{30}/);
  },
  60_000,
);

test("a pool that is not there, and one that a step is refused in, are told from each other", async () => {
  const can = { write: [VOLUMES, "check-none"], read: ["check-images"] };
  const verdict = await site.verdict(inputsOf("cinder", { can, timeoutSeconds: 60 }));
  expect(verdict).toContain("pool: there is no pool check-none\n  A CephPool makes it");
  const other = await site.verdict(inputsOf("glance", { can: { write: [IMAGES], read: [VMS] } }));
  expect(other).toContain(
    `caps: client.check-glance may not list in pool ${VMS}: its caps lack osd "profile rbd-read-only pool=${VMS}"`,
  );
  expect(await scratch()).toBe("");
}, 180_000);

test("with an admin host a refused key is told apart: another key, an entity that is gone, caps of the monitors that lack", async () => {
  const ask = () => site.verdict(inputsOf("cinder", { cluster: cluster(), timeoutSeconds: 10 }));
  await undone(
    clausesOf("cinder").filter((one) => !one.startsWith("mon")),
    async () =>
      expect(await ask()).toContain(
        'caps: the key is right, and the monitors refuse client.check-cinder: its caps lack mon "profile rbd"',
      ),
  );
  await ceph(`ceph auth rm ${entityOf("cinder")}`);
  expect(await ask()).toMatch(/key: the cluster .* has no client\.check-cinder/);
  await setCaps("cinder", clausesOf("cinder"));
  expect(await ask()).toMatch(/key: .*cinder\.keyring holds another key of client\.check-cinder \(sha256:/);
  await putKeyring("cinder");
}, 180_000);

test("each clause of the caps that the component derives is needed: a check fails without it, and names it", async () => {
  const named = (clause: string): string => {
    const [type = "", words = ""] = clause.split(": ");
    return `${type} "${words}"`;
  };
  for (const user of Object.keys(USERS) as User[])
    for (const clause of clausesOf(user)) {
      await setCaps(
        user,
        clausesOf(user).filter((other) => other !== clause),
      );
      const verdict = await site.verdict(inputsOf(user, { cluster: cluster(), timeoutSeconds: 60 }));
      expect([user, clause, verdict]).toEqual([
        user,
        clause,
        expect.stringContaining(`lack ${named(clause)}`),
      ]);
      await setCaps(user, clausesOf(user));
    }
  expect(await scratch()).toBe("");
}, 300_000);

test("reading alone on the monitors is not enough: a dead client could not be blocked", async () => {
  await undone(["mon: allow r", ...clausesOf("cinder").filter((one) => !one.startsWith("mon"))], async () =>
    expect(await site.verdict(inputsOf("cinder"))).toContain(
      'may not block a dead client: its caps lack mon "profile rbd"',
    ),
  );
}, 180_000);

test("what must be refused and is not is an error, and is taken away again", async () => {
  const cannot = { write: [IMAGES, "check-backups"], read: ["check-backups"] };
  expect(await site.verdict(inputsOf("cinder", { cannot }))).toBe("");
  const more = ["mon: profile rbd", "osd: profile rbd", "mgr: profile rbd"];
  await undone(more, async () => {
    const verdict = await site.verdict(inputsOf("cinder", { cannot }));
    expect(verdict).toContain(`client.check-cinder can write in pool ${IMAGES}, which it must not`);
    expect(verdict).toContain("client.check-cinder can read in pool check-backups, which it must not");
  });
  expect(await scratch()).toBe("");
  expect(
    await ceph(
      `rados -p ${IMAGES} ls | grep ${SCRATCH} || true; rados -p check-backups ls | grep ${SCRATCH} || true`,
    ),
  ).toBe("");
}, 180_000);

/** An image that is listed and has no header, as a process leaves it that was killed while it made or removed it. */
const halfMade = (name: string): Promise<string> =>
  ceph(
    `rbd create --no-progress --size 1M ${VOLUMES}/${name}; id=$(rados -p ${VOLUMES} getomapval rbd_directory name_${name} /dev/stdout | tail -c +5); rados -p ${VOLUMES} rm rbd_header.$id; rbd ls ${VOLUMES} | grep -q ^${name}`,
  );

test("what a killed check leaves, its snapshot and clone too, the next one takes away; a living one's it leaves alone", async () => {
  const left = (name: string) => `
    rbd create --no-progress --size 1M ${VOLUMES}/${name}; rbd snap create --no-progress ${VOLUMES}/${name}@proof
    rbd snap protect ${VOLUMES}/${name}@proof; rbd clone ${VOLUMES}/${name}@proof ${VMS}/${name}-clone`;
  // Made by a process that is over, on a host that is not known here: two hours ago, and now.
  const now = Math.floor(Date.now() / 1000);
  const [old, young] = [now - 7200, now].map(
    (time) => `${SCRATCH}${time.toString(16)}-00000000-1-0123456789abcdef`,
  );
  await ceph(left(String(old)));
  await ceph(left(String(young)));
  // Held while it is looked at, so that the image that is listed is there when it is killed.
  const list = `rbd -c ${CONF} -n ${entityOf("cinder")} -k ${KEYRING} ls ${VOLUMES}`;
  const running = on(
    "vol1",
    `for i in $(seq 600); do
       sleep 0.15; pkill -STOP -u cinder python3 || continue
       if ${list} | grep -v 00000000 | grep -q ^${SCRATCH}; then pkill -KILL -u cinder python3; exit 0; fi
       pkill -CONT -u cinder python3 || true
     done; echo "no image was seen"; exit 1`,
  );
  expect(await site.verdict(inputsOf("cinder", { can: { write: [VOLUMES] } }))).toMatch(
    /ended without an answer/,
  );
  await running;
  const killed = (await scratch()).split("\n").filter((name) => name !== "" && !name.includes("00000000"));
  expect(killed).toHaveLength(1);
  await halfMade(`${SCRATCH}${(now - 7200).toString(16)}-00000000-1-fedcba9876543210`);
  // Ceph holds the image for the dead client for half a minute, and the check waits for that.
  expect(await site.verdict(inputsOf("cinder"))).toBe("");
  expect((await scratch()).trim().split("\n").sort()).toEqual(
    [String(young), `${String(young)}-clone`].sort(),
  );
  await ceph(
    `rbd rm --no-progress ${VMS}/${String(young)}-clone; rbd snap unprotect ${VOLUMES}/${String(young)}@proof; rbd snap purge --no-progress ${VOLUMES}/${String(young)}; rbd rm --no-progress ${VOLUMES}/${String(young)}`,
  );
}, 240_000);
