import { spawnSync } from "node:child_process";
import { userInfo } from "node:os";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { Way } from "../../../../../providers/remote/ssh/way";
import { operator, resolveWay, type Operator } from "../../../../support/ssh-operator";

const operators: Operator[] = [];
afterEach(async () => {
  await Promise.all(operators.splice(0).map((one) => one.dispose()));
});

const someone = (): Operator => {
  const one = operator();
  operators.push(one);
  return one;
};

const { username: user } = userInfo();

const resolve = (text: string, host: string): Promise<Way> => resolveWay(someone(), { text, host });

/** What the real client makes of it; undefined where there is none or it refuses the file. */
const asked = (text: string, host: string): Readonly<Record<string, string>> | undefined => {
  const one = someone();
  const { status, stdout } = spawnSync("ssh", ["-F", one.write("config", text), "-G", host], {
    encoding: "utf8",
    input: "",
  });
  if (status !== 0) return undefined;
  const values: Record<string, string> = {};
  for (const line of stdout.split("\n")) {
    const [, keyword, value] = /^(\S+) (.*)$/.exec(line) ?? [];
    if (keyword === undefined || value === undefined) continue;
    values[keyword] = values[keyword] === undefined ? value : `${values[keyword]} ${value}`;
  }
  return values;
};

const chain = (way: Way): string[] => (way.via === undefined ? [] : [...chain(way.via), way.via.host]);

const hops = (proxyJump: string | undefined): string[] =>
  (proxyJump ?? "")
    .split(",")
    .flatMap((spec) =>
      spec === "" || spec === "none" ? [] : [spec.replace(/^.*@/, "").replace(/:\d+$/, "")],
    );

/** The client's values in the words of a Way. */
const fromClient = (values: Readonly<Record<string, string>>) => ({
  hostName: values["hostname"],
  port: Number(values["port"]),
  user: values["user"],
  addressFamily: values["addressfamily"],
  bindAddress: values["bindaddress"],
  jumps: hops(values["proxyjump"]),
  proxyCommand: values["proxycommand"]
    ?.replace(/%h/g, values["hostname"] ?? "")
    .replace(/%p/g, values["port"] ?? ""),
  timeout: values["connecttimeout"] === "none" ? 10 : Number(values["connecttimeout"]),
  aliveCountMax: Number(values["serveralivecountmax"]),
  only: values["identitiesonly"] === "yes",
  keyName: values["hostkeyalias"] ?? values["hostname"],
  checking:
    { true: "yes", ask: "yes", false: "no" }[values["stricthostkeychecking"] ?? ""] ??
    values["stricthostkeychecking"],
  userFiles: values["userknownhostsfile"]?.split(" ").filter((file) => !/^none$/i.test(file)),
  hashNew: values["hashknownhosts"] === "yes",
});

const fromWay = (way: Way): ReturnType<typeof fromClient> => ({
  hostName: way.hostName,
  port: way.port,
  user: way.user,
  addressFamily: way.addressFamily,
  bindAddress: way.bindAddress,
  jumps: chain(way),
  proxyCommand: way.proxyCommand,
  timeout: way.connectTimeoutSeconds,
  aliveCountMax: way.aliveCountMax,
  only: way.identities.only,
  keyName: way.hostKeys.name,
  checking: way.hostKeys.checking,
  userFiles: [...way.hostKeys.userFiles],
  hashNew: way.hostKeys.hashNew,
});

/** Files and the hosts that they are asked for. */
const TABLE: readonly (readonly [what: string, text: string, hosts: readonly string[]])[] = [
  ["nothing", "", ["a", "A.example", "10.0.0.1", "fd00::1"]],
  [
    "the first value",
    "Host a\n User one\n Port 1\nHost *\n User two\n Port 2\n AddressFamily inet\n",
    ["a", "b"],
  ],
  ["lines before any Host", "User early\nHost a\n User late\n", ["a", "b"]],
  ["patterns", "Host a? b*.lan !bad.lan\n Port 5\n", ["ab", "a", "b.lan", "bad.lan", "bb.lan"]],
  ["negation in any place", "Host !x x y\n Port 5\n", ["x", "y"]],
  ["upper and lower case of Host", "Host FOO\n Port 1\nHost foo\n Port 2\n", ["FOO", "foo", "Foo"]],
  ["keywords in any case, = and tabs", "HOST\ta\n  uSeR=bob\n\tport = 7\n  HostName  =\tb\n", ["a"]],
  ["quotes and comments", 'Host "a" # x\n User "b c" # d\n HostKeyAlias "x#y"\n', ["a", "#", "x"]],
  ["escapes", "Host a\\ b c\n User x\\ y\n", ["c"]],
  ["carriage returns", "Host a\r\n  Port 7\r\n  User bob\r\n", ["a"]],
  [
    "HostName with the name in it",
    "Host *.x\n HostName %h.example.com\nHost y\n HostName %%h\n",
    ["a.x", "y"],
  ],
  ["HostName in capitals", "Host a\n HostName WWW.Example.COM\n", ["a", "B"]],
  [
    "Match host after HostName",
    "Host a\n HostName b\nMatch host b\n Port 9\nMatch originalhost a\n User orig\n",
    ["a", "b"],
  ],
  ["Match host in any case", "Match host BAR,baz*\n Port 3\n", ["bar", "Bar", "bazz", "foo"]],
  ["Match user", `User bob\nMatch user bob\n Port 3\nMatch user al,${user}\n AddressFamily inet6\n`, ["a"]],
  ["Match localuser", `Match localuser ${user}\n Port 3\nMatch localuser nobody\n User x\n`, ["a"]],
  [
    "negated criteria",
    `Match !host a\n Port 3\nMatch host a,b !localuser nobody\n User x\n`,
    ["a", "b", "c"],
  ],
  ["Match all", "Match all\n Port 4\n", ["a"]],
  [
    "Match exec",
    'Match exec "test %n = a"\n Port 4\nMatch host b exec "exit 1"\n Port 5\nMatch host b exec true\n Port 6\n',
    ["a", "b"],
  ],
  [
    "Match final",
    "Host q\n HostName q.example\nMatch final host q.example\n User f\nHost q.example\n Port 8\n",
    ["q", "r"],
  ],
  ["Match canonical without canonicalisation", "Match canonical all\n Port 8\n", ["a"]],
  ["Match with equal signs", "Match host=a user=root\n Port 8\n", ["a", "b"]],
  ["a comment after Match", "Match host a # host b\n Port 8\n", ["a", "b"]],
  ["ProxyJump", "Host a\n ProxyJump bob@j1:2222,j2\nHost j1\n Port 1\n", ["a", "j1"]],
  ["UserKnownHostsFile none", "UserKnownHostsFile NONE\n", ["a"]],
  ["ProxyJump none first", "Host a\n ProxyJump none\nHost *\n ProxyJump j\n", ["a"]],
  ["ProxyJump before ProxyCommand", "Host a\n ProxyJump j\nMatch host a\n ProxyCommand nc %h %p\n", ["a"]],
  ["ProxyCommand before ProxyJump", "Host a\n ProxyCommand nc %h %p\nMatch host a\n ProxyJump j\n", ["a"]],
  ["ProxyCommand with quotes", "Host a\n ProxyCommand sh -c 'exec nc \"%h\" %p # x'\n", ["a"]],
  ["times", "Host a\n ConnectTimeout 1m30\nHost b\n ConnectTimeout 7s\n", ["a", "b"]],
  [
    "a time of none, which is no time",
    "ConnectTimeout none\nConnectTimeout 7\nHost b\n ConnectTimeout none\n",
    ["a", "b"],
  ],
  ["keep-alive", "ServerAliveInterval 10\nServerAliveCountMax 5\n", ["a"]],
  ["host key rules", "HostKeyAlias k\nStrictHostKeyChecking accept-new\nHashKnownHosts yes\n", ["a"]],
  [
    "checking off",
    "Host a\n StrictHostKeyChecking no\nHost b\n StrictHostKeyChecking off\nHost c\n StrictHostKeyChecking yes\n",
    ["a", "b", "c", "d"],
  ],
  ["known_hosts files", "UserKnownHostsFile ~/k1 /tmp/%u-%n-%p /dev/null\n", ["a"]],
  ["identities", "IdentitiesOnly yes\nIdentityFile /k/1\nHost a\n IdentityFile /k/2\n", ["a", "b"]],
  ["an unknown keyword that is ignored", "IgnoreUnknown Foo*,Bar\nFooBar x\nBar y\nPort 4\n", ["a"]],
  ["an address to bind", "BindAddress 127.0.0.1\n", ["a"]],
];

const client = spawnSync("ssh", ["-V"]).status === 0 ? describe : describe.skip;

client("resolves as the real client does:", () => {
  for (const [what, text, hosts] of TABLE) {
    test.each(hosts)(`${what}, for %s`, async (host) => {
      const values = asked(text, host);
      if (values === undefined) throw new Error("the real client refuses this file");
      expect(fromWay(await resolve(text, host))).toEqual(fromClient(values));
    });
  }

  test("Include with patterns, inside a Host and relative to nothing", async () => {
    const one = someone();
    one.write("inc/1.conf", "Port 11\nHost b\n User fromb\n");
    one.write("inc/2.conf", "User second\nPort 12\n");
    const text = `Host a\n Include ${one.home}/inc/*.conf ${one.home}/missing\n AddressFamily inet\nHost *\n Port 99\n`;
    for (const host of ["a", "b"]) {
      expect(fromWay(await resolve(text, host))).toEqual(fromClient(asked(text, host) ?? {}));
    }
  });

  test.each([
    "User 'x\n",
    "Port none\n",
    "Host a\n ConnectTimeout soon\n",
    "FooBar x\n",
    "AddressFamily ipx\n",
    "Port 70000\n",
    "MACs *sha2*\n",
    "ConnectTimeout None\n",
    "UserKnownHostsFile /k/1 none\n",
    "ProxyJump j,a\n",
    "User bob\nProxyJump bob@a:22\n",
    "Host a\n HostName b\n ProxyJump b\n",
  ])("refuses what it refuses: %j", async (text) => {
    expect(asked(text, "a")).toBeUndefined();
    await expect(resolve(text, "a")).rejects.toMatchObject({ code: "configuration" });
  });

  test("a jump host of the same name for another port or login is none in a circle", async () => {
    for (const text of ["a:2222", "bob@a"].map((jump) => `Host x\n HostName a\n ProxyJump ${jump}\n`)) {
      expect(fromWay(await resolve(text, "x"))).toEqual(fromClient(asked(text, "x") ?? {}));
    }
  });

  test.each([
    ["Ciphers", "ciphers", "aes256-ctr,aes128-ctr", "cipher"],
    ["MACs", "macs", "hmac-sha2-512,hmac-sha1", "mac"],
    ["KexAlgorithms", "kexalgorithms", "ecdh-sha2-nistp256,curve25519-sha256", "kex"],
    ["HostKeyAlgorithms", "hostkeyalgorithms", "rsa-sha2-512,ssh-ed25519", "hostKey"],
  ] as const)("%s in the order given", async (keyword, printed, list, kind) => {
    const text = `${keyword} ${list}\n`;
    expect(asked(text, "a")?.[printed]).toBe(list);
    expect((await resolve(text, "a")).algorithms[kind]).toEqual(list.split(","));
  });
});
