/**
 * A stand-in for virsh that keeps secrets, domains and storage pools as files of a directory, with the texts and exit codes of libvirt 9.0.0.
 * It notes its command lines in `log`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SCRIPT = String.raw`#!/bin/sh
dir=$(dirname "$0")
echo "$*" >>"$dir/log"
[ "$1" = -q ] && [ "$2" = -c ] || exit 9
shift 3
verb=$1; shift
usage() { sed -n 's|.*<name>\(.*\)</name>.*|\1|p' "$1"; }
missing() { echo "error: failed to get secret '$1'" >&2; echo "error: Secret not found: no secret with matching uuid '$1'" >&2; exit 1; }
case $verb in
  secret-list) for f in "$dir"/secrets/*.xml; do [ -e "$f" ] || continue; echo " $(basename "$f" .xml)   ceph $(usage "$f")"; done ;;
  secret-dumpxml) cat "$dir/secrets/$1.xml" 2>/dev/null || missing "$1" ;;
  secret-get-value)
    [ -e "$dir/secrets/$1.xml" ] || missing "$1"
    if grep -q 'private=.yes' "$dir/secrets/$1.xml"; then echo "error: Invalid secret: secret is private" >&2; exit 1; fi
    [ -e "$dir/secrets/$1.base64" ] || { echo "error: Secret not found: secret '$1' does not have a value" >&2; exit 1; }
    printf %s "$(cat "$dir/secrets/$1.base64")" ;;
  secret-define)
    xml=$(cat "$1"); uuid=$(printf %s "$xml" | sed -n 's|.*<uuid>\(.*\)</uuid>.*|\1|p')
    printf '%s\n' "$xml" >"$dir/secrets/$uuid.xml" ;;
  secret-set-value)
    [ -e "$dir/secrets/$1.xml" ] || missing "$1"
    [ "$2" = --file ] || exit 9
    cat "$3" >"$dir/secrets/$1.base64" ;;
  secret-undefine) [ -e "$dir/secrets/$1.xml" ] || missing "$1"; rm -f "$dir/secrets/$1.xml" "$dir/secrets/$1.base64" ;;
  list) ls "$dir/domains" ;;
  pool-list) ls "$dir/pools" ;;
  dumpxml) [ "$1" != --inactive ] || shift; cat "$dir/domains/$1" ;;
  pool-dumpxml) cat "$dir/pools/$1" ;;
  domname | pool-name) echo "name-of-$1" ;;
  *) echo "error: unknown command: '$verb'" >&2; exit 1 ;;
esac
`;

export interface FakeVirsh {
  readonly command: string;
  readonly log: string;
  secret(uuid: string, suffix: "xml" | "base64"): string;
  domain(uuid: string, xml: string): void;
  pool(uuid: string, xml: string): void;
}

/** Puts the stand-in into a directory. */
export const fakeVirsh = (dir: string): FakeVirsh => {
  for (const part of ["secrets", "domains", "pools"]) mkdirSync(join(dir, part), { recursive: true });
  writeFileSync(join(dir, "virsh"), SCRIPT, { mode: 0o755 });
  return {
    command: join(dir, "virsh"),
    log: join(dir, "log"),
    secret: (uuid, suffix) => join(dir, "secrets", `${uuid}.${suffix}`),
    domain: (uuid, xml) => writeFileSync(join(dir, "domains", uuid), xml),
    pool: (uuid, xml) => writeFileSync(join(dir, "pools", uuid), xml),
  };
};
