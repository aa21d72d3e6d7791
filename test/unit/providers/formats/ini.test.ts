import { describe, expect, test } from "@jest/globals";

import {
  canonicalKey,
  canonicalSection,
  checkKey,
  checkList,
  checkSection,
  checkValue,
  currentLines,
  deleteOption,
  dialectOf,
  edit,
  hashOf,
  joinList,
  keyWarning,
  literalValue,
  parseIni,
  problems,
  readOptions,
  restore,
  setOption,
  type Dialect,
} from "../../../../providers/formats/ini.js";

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
  ["/etc/ceph/conf.d/x.conf", "oslo"],
  ["/etc/nova/nova.conf", "oslo"],
  ["/etc/ceph/ceph.client.x.keyring", "oslo"],
])("%s is read as %s", (path, dialect) => {
  expect(dialectOf(path)).toBe(dialect);
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

describe("setting an option that is there", () => {
  test.each<[string, Dialect, string, string[], string]>([
    ["keeps its spelling and its blanks", "oslo", "[a]\nk  :v  \n", ["w"], "[a]\nk  :w  \n"],
    ["keeps the comment behind it", "ceph", "[a]\n\tk =  v  ; c\n", ["w"], "[a]\n\tk =  w  ; c\n"],
    ["keeps the comment behind an empty value", "ceph", "[a]\nk = # c\n", ["w"], "[a]\nk = w # c\n"],
    [
      "drops the lines that continued it",
      "oslo",
      "[a]\nk = v\n  more\n\nl = 1\n",
      ["w"],
      "[a]\nk = w\n\nl = 1\n",
    ],
    [
      "drops a continuation and keeps its comment",
      "ceph",
      "[a]\nk = v \\\n more # c\n",
      ["w"],
      "[a]\nk = w # c\n",
    ],
    ["keeps the line end of the line", "oslo", "[a]\r\nk = v\r\nl = 1\n", ["w"], "[a]\r\nk = w\r\nl = 1\n"],
    ["keeps a missing final newline", "oslo", "[a]\nk = v", ["w"], "[a]\nk = w"],
    [
      "adds a missing final newline, without which Ceph refuses the file",
      "ceph",
      "[a]\nk = v",
      ["w"],
      "[a]\nk = w\n",
    ],
    ["leaves a comment at the end without its newline", "ceph", "[a]\nk = v\n# c", ["w"], "[a]\nk = w\n# c"],
    [
      "deletes repetitions, which would win",
      "oslo",
      "[a]\nk = 1\nl = 0\nk = 2\n[A]\nk = 3\n",
      ["9"],
      "[a]\nk = 9\nl = 0\n[A]\n",
    ],
    [
      "gives repetitions their values in order",
      "oslo",
      "[a]\nk = 1\nl = 0\nk = 2\n",
      ["1", "3", "4"],
      "[a]\nk = 1\nl = 0\nk = 3\nk = 4\n",
    ],
    [
      "writes nothing when the value is right, however it is written",
      "oslo",
      '[a]\nk  = "v"\n  \n',
      ["v"],
      '[a]\nk  = "v"\n  \n',
    ],
    ["writes an empty value without a trailing blank problem", "oslo", "[a]\nk = v\n", [""], "[a]\nk = \n"],
    ["takes $& for what it is", "oslo", "[a]\nk = v\n", ["$&$1$$"], "[a]\nk = $&$1$$\n"],
    ["keeps a BOM", "oslo", `${BOM}# c\n[a]\nk = 1\n`, ["2"], `${BOM}# c\n[a]\nk = 2\n`],
  ])("%s (%s)", (_, dialect, before, values, after) => {
    expect(set(before, dialect, "k", ...values)).toBe(after);
  });

  test("finds it under another spelling of Ceph's, and keeps that", () => {
    expect(set("[a]\nrbd cache = 1\n", "ceph", "rbd_cache", "2")).toBe("[a]\nrbd cache = 2\n");
  });
});

describe("setting an option that is not there puts it", () => {
  test.each<[string, Dialect, string, string]>([
    [
      "below its commented default",
      "oslo",
      "[a]\n# Prose about k = 2.\n#k = 1\n\n#l = 1\n",
      "[a]\n# Prose about k = 2.\n#k = 1\nk = v\n\n#l = 1\n",
    ],
    [
      "below a run of commented defaults",
      "oslo",
      "[a]\n#k = 1\n#k = 2\n\n",
      "[a]\n#k = 1\n#k = 2\nk = v\n\n",
    ],
    [
      "below what continues a commented default",
      "oslo",
      "[a]\n#k = 1\n#    2\n\n",
      "[a]\n#k = 1\n#    2\nk = v\n\n",
    ],
    [
      "below a default with a blank only where that ends a comment",
      "oslo",
      "[a]\n# k = 1\n# prose\nl = 1\n\n# k = 2\n\n",
      "[a]\n# k = 1\n# prose\nl = 1\n\n# k = 2\nk = v\n\n",
    ],
    [
      "not at the default of another section",
      "oslo",
      "[b]\n#k = 1\n[a]\nl = 1\n",
      "[b]\n#k = 1\n[a]\nl = 1\nk = v\n",
    ],
    [
      "not at an option whose name it only begins with",
      "oslo",
      "[a]\n#kk = 1\n#k_k = 1\nl = 1\n",
      "[a]\n#kk = 1\n#k_k = 1\nl = 1\nk = v\n",
    ],
    [
      "behind the last option, before blanks and the comment of the next section",
      "oslo",
      "[a]\nl = 1\n\n# about b\n[b]\n",
      "[a]\nl = 1\nk = v\n\n# about b\n[b]\n",
    ],
    [
      "behind the lines that continue the last option",
      "oslo",
      "[a]\nl = 1\n  more\n[b]\n",
      "[a]\nl = 1\n  more\nk = v\n[b]\n",
    ],
    ["behind the header of an empty section", "oslo", "[a]\n\n[b]\n", "[a]\nk = v\n\n[b]\n"],
    [
      "in the last block of the section that has options",
      "oslo",
      "[a]\nl = 1\n[b]\n[a]\n",
      "[a]\nl = 1\nk = v\n[b]\n[a]\n",
    ],
    ["in the style of the section", "oslo", "[a]\nl=1\n", "[a]\nl=1\nk=v\n"],
    ["never with a colon", "oslo", "[a]\nl: 1\n", "[a]\nl: 1\nk = v\n"],
    ["with the line end of its neighbour", "oslo", "[a]\r\nl = 1\r\n", "[a]\r\nl = 1\r\nk = v\r\n"],
    ["with the indentation of its neighbour", "ceph", "[a]\n\tl = 1\n", "[a]\n\tl = 1\n\tk = v\n"],
    ["behind a last line without its end", "oslo", "[a]\nl = 1", "[a]\nl = 1\nk = v"],
    ["behind a last line without its end", "ceph", "[a]\nl = 1", "[a]\nl = 1\nk = v\n"],
    ["in a new section at the end", "oslo", "[b]\nl = 1\n", "[b]\nl = 1\n\n[a]\nk = v\n"],
    [
      "in a new section behind the blank line that is there",
      "oslo",
      "[b]\nl = 1\n\n",
      "[b]\nl = 1\n\n[a]\nk = v\n",
    ],
    [
      "in a new section behind a last line without its end",
      "ceph",
      "[b]\nl = 1",
      "[b]\nl = 1\n\n[a]\nk = v\n",
    ],
    ["in a new section of an empty file", "ceph", "", "[a]\nk = v\n"],
    ["in a section of another case", "oslo", "[A]\nl = 1\n", "[A]\nl = 1\nk = v\n"],
  ])("%s (%s)", (_, dialect, before, after) => {
    expect(set(before, dialect, "k", "v")).toBe(after);
  });

  test("in the order given", () => {
    const changes = ["z", "y", "x"].map((name) => ({ name, values: [name] }));
    expect(edit("", { dialect: "oslo", section: "a" }, changes).bytes).toBe("[a]\nz = z\ny = y\nx = x\n");
  });

  test("in [DEFAULT] when that is meant, not in [default]", () => {
    expect(
      setOption("[default]\n", { dialect: "oslo", section: "DEFAULT" }, { name: "k", values: ["v"] }),
    ).toBe("[default]\n\n[DEFAULT]\nk = v\n");
  });

  test("one line for each value", () => {
    expect(set("[a]\n", "oslo", "k", "1", "2")).toBe("[a]\nk = 1\nk = 2\n");
  });
});

test("deleting takes every occurrence with what continues it, and nothing else", () => {
  const text = "[a]\n#k = 1\nk = 1\n  more\nl = 1\n[b]\nk = 1\n[a]\nk = 2\n";
  expect(deleteOption(text, { dialect: "oslo", section: "a" }, "k")).toBe(
    "[a]\n#k = 1\nl = 1\n[b]\nk = 1\n[a]\n",
  );
  expect(deleteOption("[b]\n", { dialect: "oslo", section: "a" }, "k")).toBe("[b]\n");
});

describe("what must be quoted or escaped is", () => {
  test.each<[Dialect, string, string]>([
    ["oslo", " v", 'k = " v"'],
    ["oslo", '"v"', 'k = ""v""'],
    ["oslo", '"', 'k = """'],
    ["oslo", "v ; # c", "k = v ; # c"],
    ["oslo", "$$ %s \\", "k = $$ %s \\"],
    ["ceph", "a;b#c\\", "k = a\\;b\\#c\\\\"],
    ["ceph", '"v"', 'k = \\"v"'],
    ["ceph", "it's", "k = it's"],
    ["ceph", 'é "#', 'k = "é \\"\\#"'],
    ["ceph", "$host", "k = $host"],
  ])("%s: %j", (dialect, value, line) => {
    expect(set("[a]\n", dialect, "k", value)).toBe(latin1(`[a]\n${line}\n`));
  });
});

describe("what cannot be written is refused with its rule", () => {
  test.each<[Dialect, string, RegExp]>([
    ["oslo", "s3cret\nx", /one line/],
    ["oslo", "s3cret\r", /one line/],
    ["oslo", "s3cret\0", /control/],
    ["oslo", "s3cret\x1b", /control/],
    ["oslo", "s3cret\x85", /control/],
    ["oslo", "s3cret\ud800", /Unicode/],
    ["ceph", " s3cret", /blank/],
    ["ceph", "s3cret\t", /blank/],
    ["ceph", "s3cret\n[x]", /one line/],
  ])("value of %s: %j, and the value is not shown", (dialect, value, reason) => {
    expect(checkValue(dialect, value)).toMatch(reason);
    expect(checkValue(dialect, value)).not.toContain("s3cret");
    expect(() => set("[a]\n", dialect, "k", value)).toThrow(reason);
    expect(() => set("[a]\n", dialect, "k", value)).not.toThrow(/s3cret/);
  });

  test.each<[Dialect, string, RegExp]>([
    ["oslo", "", /empty/],
    ["oslo", " k", /blank/],
    ["oslo", "a=b", /"="/],
    ["oslo", "a:b", /":"/],
    ["oslo", "#a", /begin with/],
    ["oslo", "[a", /begin with/],
    ["oslo", "a\nb", /control/],
    ["ceph", "a#b", /"#"/],
    ["ceph", "a[b", /"\["/],
    ["ceph", "a\\b", /backslash/],
    ["ceph", "é", /ASCII/],
  ])("name of %s: %j", (dialect, key, reason) => {
    expect(checkKey(dialect, key)).toMatch(reason);
    expect(() => set("[a]\n", dialect, key, "v")).toThrow(reason);
  });

  test.each<[Dialect, string, RegExp]>([
    ["oslo", "", /empty/],
    ["oslo", "a]", /"\]"/],
    ["oslo", "a ", /blank/],
    ["oslo", "a\rb", /control/],
    ["ceph", "a;b", /";"/],
    ["ceph", "é", /ASCII/],
  ])("section of %s: %j", (dialect, section, reason) => {
    expect(checkSection(dialect, section)).toMatch(reason);
    expect(() => setOption("", { dialect, section }, { name: "k", values: ["v"] })).toThrow(reason);
  });

  test("usual names and values are not", () => {
    for (const key of ["rbd_pool", "a.b", "a b", "pci.alias", "k-d"]) {
      expect([checkKey("oslo", key), checkKey("ceph", key)]).toEqual([undefined, undefined]);
    }
    for (const name of ["DEFAULT", "client.cinder", "rbd:1", "a b"]) {
      expect([checkSection("oslo", name), checkSection("ceph", name)]).toEqual([undefined, undefined]);
    }
    expect([checkValue("oslo", ' "x" \t'), checkValue("ceph", "a\tb é $host")]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test("lists of Ceph, metavariables meant literally, items with commas", () => {
    expect(checkValue("ceph", "v", { list: true })).toMatch(/no lists/);
    expect(checkValue("oslo", "v", { list: true })).toBeUndefined();
    expect(() => set("[a]\n", "ceph", "k", "1", "2")).toThrow(/no lists/);
    expect(checkValue("ceph", "a${host}", { literal: true })).toMatch(/literally/);
    expect(checkValue("ceph", "a$5", { literal: true })).toBeUndefined();
    expect(literalValue("oslo", "pa$word$")).toBe("pa$$word$$");
    expect(joinList("oslo", ["rbd", "lvm"])).toBe("rbd,lvm");
    expect(checkList("oslo", ["rbd,lvm"])).toMatch(/comma/);
    expect(() => joinList("oslo", ["s3cret,x"])).toThrow(/comma/);
    expect(() => joinList("oslo", ["s3cret,x"])).not.toThrow(/s3cret/);
    expect(joinList("oslo", [])).toBe("");
  });

  test("a dash in a name is warned of", () => {
    expect(keyWarning("oslo", "rbd-pool")).toMatch(/never reads/);
    expect(keyWarning("ceph", "rbd-cache")).toMatch(/default/);
    expect(keyWarning("oslo", "rbd_pool")).toBeUndefined();
  });
});

describe("putting back", () => {
  const target = { dialect: "oslo", section: "a" } as const;
  const STOCK = "# head\n[a]\n# From x\n#k = <None>\n\nk = old ; c\n  more\nl = 1\n\n[b]\nx = 1\n";

  test("leaves what others wrote in between", () => {
    const made = edit(STOCK, target, [
      { name: "k", values: ["new"] },
      { name: "n", values: ["1"] },
    ]);
    const later = made.bytes
      .replace("l = 1\n", "l = 2\n# hand\nm = 3\n")
      .replace("# head\n", "# head\n# more\n");
    expect(restore(later, target, made.original)).toBe(
      "# head\n# more\n[a]\n# From x\n#k = <None>\n\nk = old ; c\n  more\nl = 2\n# hand\nm = 3\n\n[b]\nx = 1\n",
    );
  });

  test("puts a removed line back to its neighbours, wherever they went", () => {
    const made = edit("[a]\nx = 1\nk = 1 # secret\ny = 1\nz = 1\n", target, [{ name: "k", values: null }]);
    const later = `[b]\nq = 1\n${made.bytes.replace("[a]\n", "[a]\n# new\nw = 1\n").replace("x = 1", "x = 5")}`;
    expect(restore(later, target, made.original)).toBe(
      "[b]\nq = 1\n[a]\n# new\nw = 1\nx = 5\nk = 1 # secret\ny = 1\nz = 1\n",
    );
  });

  test("gives the line from before the first write, not from before the last", () => {
    const first = edit(STOCK, target, [{ name: "k", values: ["1"] }]);
    const second = edit(first.bytes, { ...target, recorded: first.original }, [{ name: "k", values: ["2"] }]);
    expect(restore(second.bytes, target, second.original)).toBe(STOCK);
  });

  test("removes the section that was made for it with its blank line, but not what others put there", () => {
    const made = edit(STOCK, { ...target, section: "new" }, [{ name: "k", values: ["1"] }]);
    const back = { ...target, section: "new", removeSection: made.madeSection };
    expect(made.madeSection).toEqual({ blank: true });
    expect(restore(made.bytes, back, made.original)).toBe(STOCK);
    expect(restore(`${made.bytes}m = 1\n`, back, made.original)).toBe(`${STOCK}\n[new]\nm = 1\n`);
    expect(restore(`${made.bytes}\n[c]\n`, back, made.original)).toBe(`${STOCK}\n[c]\n`);
    expect(restore(made.bytes, { ...target, section: "new" }, made.original)).toBe(`${STOCK}\n[new]\n`);
  });

  test("of options that were never there, in a file without the section, changes nothing", () => {
    const made = edit(STOCK, target, [{ name: "n", values: ["1"] }]);
    expect(restore("[b]\nx = 1\n", target, made.original)).toBe("[b]\nx = 1\n");
    expect(restore("", target, made.original)).toBe("");
  });

  test("survives the record's way through JSON, with bytes that are no text", () => {
    const bytes = "[a]\nk = \xe9\xff\x00\r\nl = 1";
    const made = edit(bytes, target, [{ name: "k", values: ["new"] }]);
    expect(made.bytes).toBe("[a]\nk = new\r\nl = 1");
    expect(restore(made.bytes, target, JSON.parse(JSON.stringify(made.original)))).toBe(bytes);
  });
});

test("the hash tells whether the lines are still ours", () => {
  const target = { dialect: "oslo", section: "a" } as const;
  const made = edit("[a]\nl = 1\n", target, [{ name: "k", values: ["1", "2"] }]);
  const hash = (bytes: string): string => hashOf(currentLines(parseIni(bytes, "oslo"), "a", "k"));
  expect(made.written).toEqual([{ name: "k", hash: hash(made.bytes) }]);
  expect(hash(made.bytes.replace("l = 1", "l = 5"))).toBe(hash(made.bytes));
  expect(hash(made.bytes.replace(/\n/g, "\r\n"))).toBe(hash(made.bytes));
  expect(hash(made.bytes.replace("k = 2", "k = 3"))).not.toBe(hash(made.bytes));
  expect(hash(`${made.bytes}k = 2\n`)).not.toBe(hash(made.bytes));
  expect(hash("[a]\n")).toBe(hashOf([]));
});

test("a stock file of ten thousand lines is edited in well under a second", () => {
  const option = (at: number): string =>
    `# Help text of option ${String(at)}\n# (string value)\n#option_${String(at)} = <None>\n\n`;
  const stock = `[DEFAULT]\n\n${Array.from({ length: 2500 }, (_, at) => option(at)).join("")}\n[a]\n`;
  const changes = Array.from({ length: 15 }, (_, at) => ({
    name: `option_${String(at * 100)}`,
    values: ["x"],
  }));
  const started = performance.now();
  const made = edit(stock, { dialect: "oslo", section: "DEFAULT" }, changes);
  const back = restore(made.bytes, { dialect: "oslo", section: "DEFAULT" }, made.original);
  expect(performance.now() - started).toBeLessThan(5000);
  expect(made.bytes).toContain("#option_1400 = <None>\noption_1400 = x\n\n# Help text of option 1401\n");
  expect(back).toBe(stock);
});
