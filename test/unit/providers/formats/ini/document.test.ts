import { describe, expect, test } from "@jest/globals";

import {
  canonicalKey,
  canonicalSection,
  dialectDoubt,
  dialectOf,
  parseIni,
  problems,
  readOptions,
  restore,
  type Dialect,
} from "../../../../../providers/formats/ini/index.js";
import { setOption } from "../../../../support/ini-edits";

const latin1 = (text: string): string => Buffer.from(text, "utf8").toString("latin1");
const BOM = "\xef\xbb\xbf";

function read(text: string, dialect: Dialect, name = "k"): string[] | undefined {
  return readOptions(parseIni(latin1(text), dialect), "a", [name]).get(name);
}

function set(text: string, dialect: Dialect, name: string, ...values: string[]): string {
  return setOption(text, { dialect, section: "a" }, { name, values });
}

test.each([
  ["/etc/ceph/ceph.conf", "ceph"],
  ["/etc/ceph/site-b.conf", "ceph"],
  ["/srv/ms/ceph.conf", "ceph"],
  ["/var/lib/kolla/config_files/site-b-ceph.conf", "ceph"],
  ["/etc/ceph/conf.d/x.conf", "oslo"],
  ["/etc/nova/nova.conf", "oslo"],
  ["/etc/ceph/ceph.client.x.keyring", "oslo"],
])("%s is read as %s", (path, dialect) => {
  expect(dialectOf(path)).toBe(dialect);
});

test.each([
  ["/etc/cinder/ceph.conf", "ceph", "may be of either"],
  ["/etc/kolla/glance-api/ceph.conf", "global", "may be of either"],
  ["/srv/x.conf", "client.cinder", "a section of Ceph's"],
])("%s [%s] leaves a doubt: it %s", (path, section, said) => {
  expect(dialectDoubt(path, section)).toContain(said);
});

test.each([
  ["/etc/ceph/ceph.conf", "client"],
  ["/srv/ms/ceph.conf", "client"],
  ["/etc/cinder/cinder.conf", "ceph"],
  ["/etc/nova/nova.conf", "libvirt"],
])("%s [%s] leaves none", (path, section) => {
  expect(dialectDoubt(path, section)).toBeUndefined();
});

describe("oslo.config reads", () => {
  test.each<[string, string, string[] | undefined]>([
    ["no inline comments", "[a]\nk = v ; c\n", ["v ; c"]],
    ["a colon as delimiter", "[a]\nk: v\n", ["v"]],
    ["the first of both delimiters", "[a]\nk=v:w\n", ["v:w"]],
    ["one pair of quotes away", '[a]\nk = "v"\n', ["v"]],
    ["a lone quote as nothing", '[a]\nk = "\n', [""]],
    ["the outer ones of several quotes away", '[a]\nk = "a" "b"\n', ['a" "b']],
    ["a backslash as data", "[a]\nk = v\\\n", ["v\\"]],
    ["indented lines as more of the value", "[a]\nk = v\n  # c\n\t[x]\n k = w\n", ["v\n# c\n[x]\nk = w"]],
    ["nothing below a blank line as more of it", "[a]\nk = v\n\n", ["v"]],
    ["every occurrence in order", "[a]\nk = 1\nk = 2\n[b]\nk = 3\n[A]\nk = 4\n", ["1", "2", "4"]],
    ["lone CR as line ends", "[a]\rk = 1\rk = 2\r", ["1", "2"]],
    ["CRLF", "[a]\r\nk = 1\r\n", ["1"]],
    ["a last line without its end", "[a]\nk = 1", ["1"]],
    ["an empty value", "[a]\nk =\n", [""]],
    ["U+00A0 as a blank, and à whole", "[a]\nk = \u00a0à\u00a0\n", ["à"]],
    ["U+FEFF as no blank", "[a]\nk = \ufeffx\n", ["\ufeffx"]],
    ["another case of the key as another key", "[a]\nK = 1\n", undefined],
    ["a commented option as none", "[a]\n#k = 1\n;k = 2\n", undefined],
  ])("%s", (_, text, values) => {
    expect(read(text, "oslo")).toEqual(values);
  });

  test("[DEFAULT] and [default] as two sections", () => {
    const doc = parseIni("[default]\nk = 1\n[DEFAULT]\nk = 2\n", "oslo");
    expect(readOptions(doc, "DEFAULT", ["k"]).get("k")).toEqual(["2"]);
    expect(readOptions(doc, "default", ["k"]).get("k")).toEqual(["1"]);
    expect(readOptions(doc, "Default", ["k"]).get("k")).toEqual(["1"]);
  });

  test("blanks in a section's name as part of it", () => {
    expect(readOptions(parseIni("[ a ]\nk = 1\n", "oslo"), "a", ["k"]).size).toBe(0);
  });
});

describe("Ceph reads", () => {
  test.each<[string, string, string[] | undefined]>([
    ["a comment anywhere", "[a]\nk = v#c\n", ["v"]],
    ["an escaped comment sign as data", "[a]\nk = v\\#c \\; d\n", ["v#c ; d"]],
    ["an escaped backslash as one", "[a]\nk = a\\\\\n", ["a\\"]],
    ["an indented option", "[a]\n\tk = v\n", ["v"]],
    ["quotes away", '[a]\nk = " v # \\" "\n', undefined],
    ["quotes away, with what is escaped in them", '[a]\nk = " v \\# \\" " ; c\n', ['v # "']],
    ["quotes in the middle as data", '[a]\nk = a"b"\n', ['a"b"']],
    ["a continued line without its line end", "[a]\nk = a \\\n  b\n", ["a   b"]],
    ["no continuation behind an escaped backslash", "[a]\nk = a\\\\\nl = b\n", ["a\\"]],
    ["no continuation of a comment", "[a]\n# c \\\nk = v\n", ["v"]],
    ["a NUL as the end", "[a]\nk = v\0w\n", ["v"]],
    ["the last of several", "[a]\nk = 1\n[b]\n[a]\nk = 2\n", ["1", "2"]],
  ])("%s", (_, text, values) => {
    expect(read(text, "ceph")).toEqual(values);
  });

  test.each(["rbd cache", "rbd_cache", "rbd \t cache"])("blanks in a key as an underscore: %j", (key) => {
    expect(read(`[a]\n${key} = false\n`, "ceph", "rbd_cache")).toEqual(["false"]);
  });

  test("a dash as no underscore, another case as another section", () => {
    expect(read("[a]\nrbd-cache = false\n", "ceph", "rbd_cache")).toBeUndefined();
    expect(read("[A]\nk = 1\n", "ceph")).toBeUndefined();
  });
});

test("names are compared as the parser does", () => {
  expect(canonicalKey("ceph", " rbd  cache\tsize ")).toBe("rbd_cache_size");
  expect(canonicalKey("oslo", "a b")).toBe("a b");
  expect([
    canonicalSection("oslo", "LibVirt"),
    canonicalSection("oslo", "DEFAULT"),
    canonicalSection("oslo", "Default"),
  ]).toEqual(["libvirt", "DEFAULT", "default"]);
  expect(canonicalSection("ceph", "Client")).toBe("Client");
});

describe("a file that the parser refuses is called so, without showing it", () => {
  test.each<[Dialect, string, number, RegExp]>([
    ["oslo", "[a]\nnovalue-secret\n", 2, /neither = nor :/],
    ["oslo", "[a]\n= secret\n", 2, /neither/],
    ["oslo", "[a]\n\n  secret\n", 3, /continues no value/],
    ["oslo", "k = secret\n[a]\n", 1, /before the first section/],
    ["oslo", "[a] # secret\n", 1, /does not end in \]/],
    ["oslo", `${BOM}[a]\n`, 1, /byte order mark/],
    ["oslo", "[a]\n# \xe9 secret\n", 2, /not UTF-8/],
    ["ceph", "[a]\nk = secret", 2, /lacks its line end/],
    ["ceph", "[a]\nk: secret\n", 2, /key = value/],
    ["ceph", "[a]\n  [secret]\n", 2, /key = value/],
    ["ceph", '[a]\nk = "secret # x"\n', 2, /end with its quote/],
    ["ceph", '[a]\nk = "secret" x\n', 2, /end with its quote/],
    ["ceph", "  \n[a]\n", 1, /blanks before/],
  ])("%s: %j", (dialect, text, line, reason) => {
    const [problem, ...more] = problems(parseIni(text, dialect));
    expect(problem).toMatchObject({ line, reason: expect.stringMatching(reason) });
    expect(JSON.stringify([problem, more])).not.toContain("secret");
  });

  test.each<[Dialect, string]>([
    ["oslo", "# c\n\n[a]\nk = v\n  more\n\n[b]\n"],
    ["ceph", "# c\n[a]\n\tk = v ; c\n  \n\\\n[b] # c\n# c"],
  ])("%s: nothing wrong", (dialect, text) => {
    expect(problems(parseIni(text, dialect))).toEqual([]);
  });

  test("where it hides a section, nothing is edited", () => {
    expect(() => set("[a] # c\nk = 1\n", "oslo", "k", "2")).toThrow(/^line 1: .*repair it first$/);
    expect(() => restore("  [a]\nk = 1\n", { dialect: "ceph", section: "a" }, [])).toThrow(/^line 1/);
  });

  test("where it does not, the rest is edited all the same", () => {
    expect(set("[a]\nnovalue\nk = 1\n", "oslo", "k", "2")).toBe("[a]\nnovalue\nk = 2\n");
    expect(set(`${BOM}[a]\n# \xe9\nk = 1\n`, "oslo", "k", "2")).toBe(`${BOM}[a]\n# \xe9\nk = 2\n`);
  });
});
