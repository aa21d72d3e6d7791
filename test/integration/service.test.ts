/** Services, by real units of systemd's: what restarts, what does not, and what is said of it. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ConfigSection, Service } from "../../index";
import type { TestStack } from "../support/engine";
import { on } from "../support/hosts";
import { drifted, good, lifeStack, records, resources, steps } from "../support/lifecycle";

const host = "vol1";
const CONF = "/etc/life/life.conf";
const STOCK = "[DEFAULT]\ndebug = false\n";
const READY = "life-notify";
const SIMPLE = "life-simple";
const CRASH = "life-crash";

/** Each copies what it reads; the last one ends after a second where that is bad, and is started again. */
const UNITS: Readonly<Record<string, string>> = {
  [READY]:
    "Type=notify\nNotifyAccess=all\nExecStart=/bin/sh -c 'cp /etc/life/life.conf /run/life/notify; sleep 1; systemd-notify --ready; exec sleep infinity'",
  [SIMPLE]:
    "Type=simple\nExecStart=/bin/sh -c 'cp /etc/life/life.conf /run/life/simple; exec sleep infinity'",
  [CRASH]:
    "Type=simple\nRestart=always\nRestartSec=100ms\nExecStart=/bin/sh -c 'grep -q bad /etc/life/life.conf || exec sleep infinity; sleep 1; echo no such pool: bad; echo key = AQBhunter2; exit 1'",
};

interface Desired {
  readonly user: string;
  readonly crash?: boolean;
}

const program =
  ({ user, crash = false }: Desired) =>
  () => {
    const reads = [CONF];
    const last = new Service("last", { host, unit: READY, reads, at: "destroy" });
    const options = { rbd_user: user, rbd_pool: "volumes" };
    const dependsOn = [
      new ConfigSection("conf", { host, path: CONF, section: "ceph", options }, { dependsOn: last }),
    ];
    const triggers = { "[ceph] rbd_user": user, "[ceph] rbd_pool": "volumes" };
    new Service("ready", { host, unit: READY, reads, triggers, steadySeconds: 1 }, { dependsOn });
    new Service(
      "simple",
      { host, unit: `${SIMPLE}.service`, reads, triggers, steadySeconds: 1 },
      { dependsOn },
    );
    if (crash) new Service("crash", { host, unit: CRASH, reads, triggers, steadySeconds: 2 }, { dependsOn });
  };

/** When each unit of the host began, by its name. */
const begun = async (): Promise<ReadonlyMap<string, string>> => {
  const text = await on(host, "systemctl show '*.service' -p Id -p ActiveEnterTimestampMonotonic");
  return new Map(
    text.split("\n\n").map((part): [string, string] => {
      const value = (key: string) => new RegExp(`^${key}=(.*)$`, "m").exec(part)?.[1] ?? "";
      return [value("Id").replace(/\.service$/, ""), value("ActiveEnterTimestampMonotonic")];
    }),
  );
};

/** Units that began anew while `work` ran; what logins and timers start is left out. */
const restartedBy = async (work: () => Promise<unknown>): Promise<string[]> => {
  const before = await begun();
  await work();
  const after = await begun();
  const mine =
    /^(?:user@|user-runtime-dir@|session|ssh@|systemd-|polkit|dbus|apt-|dpkg-|logrotate|man-db|fstrim|e2scrub|motd)/;
  return [...after]
    .filter(([name, at]) => !mine.test(name) && before.get(name) !== at)
    .map(([name]) => name)
    .sort();
};

const journalStarts = async (unit: string): Promise<number> =>
  Number(await on(host, `journalctl -u ${unit} -o cat --no-pager | grep -c '^Started ' || true`));

let stack: TestStack;

beforeAll(async () => {
  const units = Object.entries(UNITS).map(
    ([name, text]) =>
      `printf '%s\\n' "[Service]" ${text
        .split("\n")
        .map((line) => `"${line.replaceAll('"', '\\"')}"`)
        .join(" ")} "[Install]" "WantedBy=multi-user.target" >/etc/systemd/system/${name}.service`,
  );
  await on(
    host,
    `mkdir -p /etc/life /run/life; cat >${CONF}; ${units.join("; ")}; systemctl daemon-reload`,
    STOCK,
  );
  await on(host, `systemctl start ${Object.keys(UNITS).join(" ")}`);
  stack = await lifeStack("service", program({ user: "cinder" }));
});

afterAll(async () => {
  await stack.destroy();
  await stack.remove();
  const names = Object.keys(UNITS);
  const files = names.map((name) => `/etc/systemd/system/${name}.service`).join(" ");
  await on(
    host,
    `systemctl stop ${names.join(" ")}; rm -rf ${files} /etc/life /run/life; systemctl daemon-reload; systemctl reset-failed`,
  );
});

test("an up restarts the units whose file it wrote, once each, and nothing else; a second one changes nothing", async () => {
  const starts = await journalStarts(SIMPLE);
  expect(await restartedBy(async () => good(await stack.up()))).toEqual([READY, SIMPLE]);
  expect(await journalStarts(SIMPLE)).toBe(starts + 1);
  expect(await on(host, "cat /run/life/notify")).toContain("rbd_user = cinder");
  expect(
    await restartedBy(async () => expect(steps(good(await stack.up({ refresh: true })))).toEqual([])),
  ).toEqual([]);
}, 120_000);

test("a preview names the units and the reason, without a look; the up says it and does it", async () => {
  stack.program(program({ user: "nova" }));
  const preview = good(await stack.preview({ diff: true }));
  expect(steps(preview)).toEqual(["update conf", "update ready", "update simple"]);
  const ready = preview.steps.find(({ name }) => name === "ready");
  expect(ready?.properties).toEqual(['triggers["[ceph] rbd_user"]']);
  let said = "";
  const restarted = await restartedBy(async () => (said = good(await stack.up()).output));
  expect(restarted).toEqual([READY, SIMPLE]);
  expect(said).toContain(`restart ${READY} on ${host}, because [ceph] rbd_user changed`);
}, 120_000);

test("what somebody changed shows as drift of the units; put back by the up, nothing restarts", async () => {
  await on(host, `sed -i 's/rbd_user = nova/rbd_user = other/' ${CONF}`);
  const preview = good(await stack.preview({ refresh: true, diff: true }));
  expect(preview.output).toMatch(/runsWith: "something older than its files" => "what its files say"/);
  expect(await restartedBy(async () => good(await stack.up({ refresh: true })))).toEqual([]);
  expect(steps(good(await stack.up({ refresh: true })))).toEqual([]);
}, 120_000);

test("a comment is no drift; an option that is nobody's of ours is, and restarts", async () => {
  await on(host, `sed -i '1i # a comment' ${CONF}`);
  expect(drifted(good(await stack.refresh()))).toEqual([]);
  await on(host, `sed -i 's/debug = false/debug = true/' ${CONF}`);
  expect(await restartedBy(async () => good(await stack.up({ refresh: true })))).toEqual([READY, SIMPLE]);
}, 120_000);

test("a run that ended between write and restart is completed by the next; a restart by hand in between is enough", async () => {
  stack.program(program({ user: "third" }));
  const urn = (await resources(stack)).get("conf")?.urn ?? "";
  expect(await restartedBy(async () => good(await stack.up({ target: [urn] })))).toEqual([]);
  expect(await on(host, `cat ${CONF}`)).toContain("rbd_user = third");
  await on(host, `systemctl restart ${SIMPLE}`);
  let said = "";
  expect(await restartedBy(async () => (said = good(await stack.up()).output))).toEqual([READY]);
  expect(said).toContain(`${SIMPLE} on ${host} is not restarted: it runs with what its files say`);
  expect(steps(good(await stack.up({ refresh: true })))).toEqual([]);
}, 120_000);

test("a unit that ends after a second is an error with its journal, without keys; mended, the next up goes on", async () => {
  stack.program(program({ user: "bad", crash: true }));
  const { error, output } = await stack.up();
  expect(error).toBeDefined();
  expect(output).toMatch(/life-crash on vol1: it (?:ends and is started again, over and over|has failed)/);
  expect(output).toMatch(/no such pool: bad[^]*key = \[secret\][^]*journalctl -u life-crash\.service/);
  expect(output).not.toContain("hunter2");
  stack.program(program({ user: "good", crash: true }));
  good(await stack.up());
  expect(await on(host, `systemctl is-active ${CRASH}`)).toBe("active\n");
  expect(steps(good(await stack.up({ refresh: true })))).toEqual([]);
}, 180_000);

test("a unit that is not there is an error that names similar ones", async () => {
  const preview = await lifeStack(
    "servicenone",
    () => new Service("none", { host, unit: "openstack-cinder-volume", reads: [] }),
  );
  const { output } = await preview.up();
  expect(output).toMatch(
    /there is no unit openstack-cinder-volume\.service[^]*Similar ones are there: cinder-volume/,
  );
  await preview.remove();
});

test("a destroy puts the file back, then restarts the unit that asks for it, once, and leaves no record", async () => {
  expect(await restartedBy(async () => good(await stack.destroy()))).toEqual([READY]);
  expect(await on(host, "cat /run/life/notify")).not.toContain("rbd_user");
  expect(await on(host, `grep -v '^#' ${CONF}`)).toBe(STOCK.replace("false", "true"));
  expect(await records()).toBe("");
}, 120_000);
