/**
 * What the four daemons take as one clause, over its canonical form (`clause.ts`), which is what they are sent.
 * @see https://github.com/ceph/ceph/blob/main/src/mon/MonCap.cc https://github.com/ceph/ceph/blob/main/src/osd/OSDCap.cc
 *   https://github.com/ceph/ceph/blob/main/src/mgr/MgrCap.cc https://github.com/ceph/ceph/blob/main/src/mds/MDSAuthCaps.cc
 */
import type { CapsType } from "./words.js";

const WORD = `(?:"[^"]+"|'[^']+'|[a-zA-Z0-9_./-]+)`;
const MAY_BE_EMPTY = `(?:"[^"]*"|'[^']*'|[a-zA-Z0-9_./-]+)`;
const ACCESS = "(?:\\*|all|(?=[rwx])r?w?x?)";
const NETWORK = "(?: network [/.:a-fA-F0-9\\][]+)?";
const FSNAME = "(?: fsname[= ][a-zA-Z0-9_.-]+)?";

const ARGUMENT = `${WORD}(?:=| prefix | regex )${WORD}`;
const WITH = `(?: with ${ARGUMENT}(?: ${ARGUMENT})*)?`;
const COMMAND = `allow command[= ]${WORD}${WITH}`;
const SERVICE = `allow service[= ]${WORD} ${ACCESS}`;

const MON = `(?:allow ${ACCESS}|${SERVICE}|${COMMAND}|profile[= ]${WORD})${FSNAME}${NETWORK}`;

const MODULE = `allow module[= ]${WORD}${WITH} ${ACCESS}`;
const MGR_PROFILE = `profile[= ]${WORD}(?: ${ARGUMENT})*?`;
const MGR = `(?:allow ${ACCESS}|${SERVICE}|${MODULE}|${COMMAND}|${MGR_PROFILE})${NETWORK}`;

const POOL = `(?: pool[= ]${WORD})?(?: namespace[= ]${MAY_BE_EMPTY}\\*?)?`;
const ANY_WORD = `(?:\\*|${WORD})`;
const TAG = `(?: namespace[= ]${MAY_BE_EMPTY}\\*?)? tag ${WORD} ${ANY_WORD} ?= ?${ANY_WORD}`;
const MATCH = `(?:${TAG}|(?: auid -?\\d+|${POOL})(?: object_prefix ${WORD})?)`;
const CLASSES = "(?: class-read)?(?: class-write)?";
const SPEC = `(?: (?:\\*|all)| (?=[rwx])r?w?x?${CLASSES}|(?= class-)${CLASSES}| class ${WORD}(?: ${WORD})?)`;
const OSD = `(?:allow(?:${SPEC}${MATCH}|${MATCH}${SPEC})|profile[= ]${WORD}${POOL})${NETWORK}`;

const MDS_TERM = `(?:\\*|all|r[wfps]*|root_squash|(?:path|fsname)[= ]${MAY_BE_EMPTY}|uid[= ]\\d+|gids[= ][\\d,]+)`;
const MDS = `allow(?: ${MDS_TERM})*${NETWORK}`;

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);

const GRAMMAR: Record<CapsType, RegExp> = {
  mon: whole(MON),
  osd: whole(OSD),
  mgr: whole(MGR),
  mds: whole(MDS),
};

const FORMS: Record<CapsType, string> = {
  mon: '"allow" with r, w, x in this order or *, "allow service …", "allow command …" or "profile …"',
  osd: '"allow" with r, w, x in this order, class-read, class-write, * or class …, then pool=…, namespace=…, tag … or object_prefix …; or "profile …"',
  mgr: '"allow" with r, w, x in this order or *, "allow service …", "allow module …", "allow command …" or "profile …"',
  mds: '"allow" with r, rw and p, s or f behind, or *, then path=…, fsname=…, uid=…',
};

/** Why a daemon refuses a canonical clause, or undefined. */
export function grammarProblem(type: CapsType, clause: string): string | undefined {
  if (GRAMMAR[type].test(clause)) return undefined;
  return `Ceph takes no clause ${JSON.stringify(clause)}: it is ${FORMS[type]}`;
}
