import { describe, expect, test } from "@jest/globals";
import { redact } from "../../../../providers/remote/redact";
import { environmentName } from "../../../../providers/remote/setting-names";
import { checkSettings, forHost, readSettings } from "../../../../providers/remote/settings";

const read = (values: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv = {}) =>
  readSettings((key) => values[key], env);

const KEYS =
  "transport sshConfig sshUser sshPort proxyJump sshPrivateKey sshPrivateKeyFile sshPassphrase knownHosts hostKeyChecking become sudoPassword " +
  "connectTimeoutSeconds commandTimeoutSeconds maxConnections unreachableOnDelete unreachableOnRefresh takeOverFrom";

describe("settings", () => {
  test("have the documented defaults", () => {
    expect(read({})).toMatchObject({
      commandTimeoutSeconds: 60,
      maxConnections: 32,
      forgetUnreachable: [],
      unreachableOnRefresh: "fail",
      become: [],
      problems: [],
    });
  });

  test("come from stack configuration, and the environment counts more", () => {
    const values = { sshUser: "stack", sshPort: "22" };
    expect(read(values, { CEPH_OPENSTACK_SSH_USER: "shell" })).toMatchObject({
      sshUser: "shell",
      sshPort: 22,
    });
  });

  test("that are empty in the environment count as not set", () => {
    expect(read({ sshUser: "stack" }, { CEPH_OPENSTACK_SSH_USER: "" }).sshUser).toBe("stack");
  });

  test.each(KEYS.split(" "))("may all be set by the environment: %s", (key) => {
    const asked: string[] = [];
    const env = new Proxy<NodeJS.ProcessEnv>({}, { get: (_target, name) => void asked.push(String(name)) });
    readSettings(() => undefined, env);
    expect(asked).toContain(environmentName(key));
    expect(environmentName(key)).toMatch(/^CEPH_OPENSTACK_[A-Z_]+$/);
  });

  test("of the environment alone: admin hosts and clusters", () => {
    const env = { CEPH_OPENSTACK_ADMIN: "mon1, mon2", CEPH_OPENSTACK_CLUSTER: '{"f":{}}' };
    expect(read({}, env)).toMatchObject({ admin: ["mon1", "mon2"], cluster: '{"f":{}}' });
  });

  test("may differ by host pattern; the first that matches counts", () => {
    const { become, sudoPassword } = read({
      become: '{"ctl*,!ctl9": "none", "*": "sudo"}',
      sudoPassword: '{"vol1": "volpassword"}',
    });
    expect(["ctl1", "ctl9", "vol1"].map((host) => forHost(become, host))).toEqual(["none", "sudo", "sudo"]);
    expect(["vol1", "vol2"].map((host) => forHost(sudoPassword, host))).toEqual(["volpassword", undefined]);
  });

  test("name the hosts that a delete may forget", () => {
    expect(read({ unreachableOnDelete: "forget:cmp7, cmp8" }).forgetUnreachable).toEqual(["cmp7", "cmp8"]);
  });

  test("that are secret are taken out of every text from then on", () => {
    read({ sshPassphrase: "phrase-8471", sudoPassword: '{"*":"sudo-8471"}' });
    expect(redact("phrase-8471 and sudo-8471")).toBe("[secret] and [secret]");
    read({ sshPrivateKey: "-----BEGIN X-----\nb3BlbnNzaC1rZXktdjE\n-----END X-----\n" });
    expect(redact("at b3BlbnNzaC1rZXktdjE.")).toBe("at [secret].");
  });
});

describe("a bad value", () => {
  test.each([
    ["sshPort", "0", "a whole number from 1 to 65535"],
    ["sshPort", "22x", "a whole number"],
    ["transport", "telnet", '"ssh2" or "openssh"'],
    ["hostKeyChecking", "ask", '"yes" or "accept-new" or "no"'],
    ["connectTimeoutSeconds", "1.5", "a whole number"],
    ["maxConnections", "0", "a whole number from 1"],
    ["unreachableOnDelete", "forget", "forget:"],
    ["unreachableOnDelete", "forget:", "forget:"],
    ["unreachableOnRefresh", "forget", '"fail" or "keep"'],
    ["takeOverFrom", "stack", "<project>/<stack>"],
    ["become", "root", '"sudo" or "none"'],
    ["become", '{"a": 1}', "host pattern"],
    ["become", '{"a": "su', "host pattern"],
  ])(
    "does not throw while settings are read, and is told by name when they are used: %s=%s",
    (key, value, allowed) => {
      const settings = read({ [key]: value });
      expect(() => checkSettings(settings)).toThrow(expect.objectContaining({ code: "configuration" }));
      expect(() => checkSettings(settings)).toThrow(`ceph-openstack:${key} (${environmentName(key)})`);
      expect(() => checkSettings(settings)).toThrow(allowed);
    },
  );

  test("that is secret is not shown", () => {
    const settings = read({ sudoPassword: "two\nlines" });
    expect(() => checkSettings(settings)).toThrow("sudoPassword");
    expect(() => checkSettings(settings)).not.toThrow("lines");
  });
});
