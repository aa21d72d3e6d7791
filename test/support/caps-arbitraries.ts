/** Random caps in every spelling that Ceph's grammars know. */
import fc from "fast-check";

import type { CapsType } from "../../providers/formats/caps/index.js";

type Text = fc.Arbitrary<string>;

const one = (...texts: string[]): Text => fc.constantFrom(...texts);
const seq = (...parts: (Text | string)[]): Text =>
  fc
    .tuple(...parts.map((part) => (typeof part === "string" ? fc.constant(part) : part)))
    .map((texts) => texts.join(""));
const maybe = (text: Text): Text => fc.oneof(fc.constant(""), text);
const any = (...texts: Text[]): Text => fc.oneof(...texts);
const quoted = (...texts: string[]): Text =>
  one(...texts.flatMap((text) => [text, `"${text}"`, `'${text}'`]));

const blank = one(" ", "  ", "\t", " \n");
const equals = any(one("="), blank);
const name = quoted("a", "vms", "all", "my-pool", "a.b");
const network = maybe(seq(blank, "network", blank, one("10.0.0.0/8", "[fd00::]/64")));
const permissions = one("r", "rw", "rwx", "*", "all", "x", "w", "rx");

const pool = seq(blank, "pool", equals, name);
const namespace = seq(blank, "namespace", equals, one("n", '"n"', '""', "n*", "'n'*"));
const objectPrefix = maybe(seq(blank, "object_prefix", blank, quoted("rbd_children")));
const tagWord = one("data", "*", "all", '"all"');
const tag = seq(blank, "tag", blank, quoted("cephfs"), blank, tagWord, one("=", " = "), tagWord);
const osdMatch = any(
  one(""),
  seq(pool, objectPrefix),
  seq(pool, namespace, objectPrefix),
  seq(namespace, tag),
  tag,
);
const osdClass = seq("class", blank, quoted("rbd"), maybe(seq(blank, quoted("child_attach"))));
const osdSpec = any(
  permissions,
  seq(one("r", "rw", "rx"), blank, "class-read"),
  one("class-read", "class-read class-write"),
  osdClass,
);
const osd = any(
  seq("allow", blank, osdSpec, osdMatch, network),
  seq("allow", osdMatch, blank, osdSpec, network),
  seq("profile", equals, quoted("rbd", "rbd-read-only"), maybe(any(pool, seq(pool, namespace))), network),
);

const pair = seq(
  quoted("k1", "k2", "pool"),
  any(
    seq("=", quoted("v")),
    seq(blank, "prefix", blank, quoted("v")),
    seq(blank, "regex", blank, '"^[^/]+/[0-9]+$"'),
  ),
);
const pairs = seq(blank, "with", blank, pair, maybe(seq(blank, pair)));
const command = seq(
  "allow",
  blank,
  "command",
  equals,
  one('"osd blacklist"', "'osd blocklist'", "status"),
  maybe(pairs),
  network,
);
const profile = (...names: string[]): Text =>
  seq(maybe(seq("allow", blank)), "profile", equals, quoted(...names));
const plain = seq("allow", blank, permissions, network);
const mon = any(
  plain,
  command,
  seq("allow", blank, "service", equals, quoted("osd"), blank, permissions, network),
  seq(profile("rbd", "simple-rados-client"), network),
);
const mgr = any(
  plain,
  command,
  seq("allow", blank, "module", equals, quoted("rbd_support"), maybe(pairs), blank, permissions, network),
  seq(
    profile("rbd", "rbd-read-only"),
    maybe(seq(blank, one("pool", "namespace"), one("=", " = "), name)),
    network,
  ),
);
const path = seq(" path=", one("/x", '"/a b"', "x", "'/x'"));
const mds = seq(
  "allow ",
  one("r", "rw", "rwp", "rws", "rwps", "*", "all"),
  maybe(path),
  maybe(one(" uid=1", " uid=1 gids=2,1")),
  network,
);

const CLAUSE: Record<CapsType, Text> = { mon, osd, mgr, mds };

/** Caps of a daemon type: up to three clauses. */
export function anyCaps(type: CapsType): Text {
  const clauses = fc.array(CLAUSE[type], { minLength: 1, maxLength: 3 });
  return fc
    .tuple(clauses, one(",", ", ", "; ", ";", " , "))
    .map(([texts, separator]) => texts.join(separator));
}

/** Caps with one character more or less. */
export function brokenCaps(type: CapsType): Text {
  const stray = one("", '"', "'", ",", ";", "=", "*", " ", "pool");
  return fc.tuple(anyCaps(type), fc.nat(), stray).map(([text, place, extra]) => {
    const at = place % (text.length + 1);
    return text.slice(0, at) + extra + text.slice(extra === "" ? at + 1 : at);
  });
}
