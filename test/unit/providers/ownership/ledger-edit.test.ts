import { describe, expect, test } from "@jest/globals";
import { parseIni, readOptions, type Change } from "../../../../providers/formats/ini/index";
import { parseLedger } from "../../../../providers/ownership/ledger";
import { desired, FILE, type Host, PATH, take } from "../../../support/ledger-host";

const set = (name: string, ...values: string[]): Change => ({ name, values });
const read = (host: Host, name: string, section = "ceph") =>
  readOptions(parseIni(host.bytes ?? "", "oslo"), section, [name]).get(name);

describe("options of a shared file", () => {
  test("taking over and letting go gives the file back to the byte, and no record stays", () => {
    const host: Host = { bytes: FILE, record: undefined };
    take(
      host,
      desired("a", [set("rbd_pool", "volumes"), set("rbd_user", "cinder"), { name: "gone", values: null }]),
    );
    expect(read(host, "rbd_pool")).toEqual(["volumes"]);
    expect(read(host, "rbd_user")).toEqual(["cinder"]);
    take(host, desired("a", []));
    expect(host).toEqual({ bytes: FILE, record: undefined });
  });

  test("the same desired again asks for nothing", () => {
    const host: Host = { bytes: FILE, record: undefined };
    take(host, desired("a", [set("rbd_pool", "volumes")]));
    expect(take(host, desired("a", [set("rbd_pool", "volumes")]))).toBeUndefined();
  });

  test("what is right already is recorded and not written, and letting go leaves it", () => {
    const host: Host = { bytes: FILE, record: undefined };
    const wanted = take(host, desired("a", [set("rbd_pool", "old", "older")]));
    expect(wanted?.bytes).toBeUndefined();
    expect(wanted?.first).toContain('"owner":"a"');
    take(host, desired("a", []));
    expect(host).toEqual({ bytes: FILE, record: undefined });
  });

  test("the original is the one from before the first write", () => {
    const host: Host = { bytes: FILE, record: undefined };
    for (const value of ["one", "two", "three"]) take(host, desired("a", [set("rbd_pool", value)]));
    take(host, desired("a", []));
    expect(host.bytes).toBe(FILE);
  });

  test("a value that somebody else has set since is left, and said", () => {
    const host: Host = { bytes: FILE, record: undefined };
    take(host, desired("a", [set("rbd_pool", "volumes"), set("rbd_user", "cinder")]));
    host.bytes = host.bytes?.replace("volumes", "theirs");
    const wanted = take(host, desired("a", []));
    expect(wanted?.left).toEqual(["rbd_pool"]);
    expect(read(host, "rbd_pool")).toEqual(["theirs"]);
    expect(read(host, "rbd_user")).toBeUndefined();
    expect(host.record).toBeUndefined();
  });

  test("an option that is wanted no more is put back alone", () => {
    const host: Host = { bytes: FILE, record: undefined };
    take(host, desired("a", [set("rbd_pool", "volumes"), set("rbd_user", "cinder")]));
    take(host, desired("a", [set("rbd_user", "cinder")]));
    expect(read(host, "rbd_pool")).toEqual(["old", "older"]);
    expect(read(host, "rbd_user")).toEqual(["cinder"]);
  });

  test("an option that moves to another owner keeps its value and its original, whoever comes first", () => {
    for (const isTakerFirst of [true, false]) {
      const host: Host = { bytes: FILE, record: undefined };
      take(host, desired("a", [set("rbd_pool", "volumes"), set("rbd_user", "cinder")]));
      const taker = () => take(host, desired("b", [set("rbd_pool", "volumes")]));
      const giver = () =>
        take(
          host,
          desired("a", [set("rbd_user", "cinder")], {
            letsGo: ({ owner, key }) => owner === "a" && key !== "rbd_pool",
          }),
        );
      (isTakerFirst ? [taker, giver] : [giver, taker]).forEach((one) => one());
      expect(read(host, "rbd_pool")).toEqual(["volumes"]);
      take(host, desired("a", []));
      expect(read(host, "rbd_pool")).toEqual(["volumes"]);
      take(host, desired("b", []));
      expect(host).toEqual({ bytes: FILE, record: undefined });
    }
  });

  test("a section goes with the last of its owners, a section that was there stays", () => {
    const host: Host = { bytes: "[DEFAULT]\nx = 1\n", record: undefined };
    take(host, desired("a", [set("rbd_pool", "volumes")]));
    take(host, desired("b", [set("rbd_user", "cinder")]));
    take(host, desired("c", [set("y", "2")], { section: "DEFAULT" }));
    take(host, desired("a", []));
    expect(host.bytes).toContain("[ceph]");
    take(host, desired("b", []));
    expect(host.bytes).toBe("[DEFAULT]\nx = 1\ny = 2\n");
    take(host, desired("c", [], { section: "DEFAULT" }));
    expect(host).toEqual({ bytes: "[DEFAULT]\nx = 1\n", record: undefined });
  });

  test("a section that we made stays where it is while its options are all exchanged", () => {
    const host: Host = { bytes: "[DEFAULT]\nx = 1\n", record: undefined };
    take(host, desired("a", [set("rbd_pool", "volumes")]));
    host.bytes = `${host.bytes ?? ""}\n[theirs]\nz = 1\n`;
    take(host, desired("a", [set("rbd_user", "cinder")]));
    expect(host.bytes).toBe("[DEFAULT]\nx = 1\n\n[ceph]\nrbd_user = cinder\n\n[theirs]\nz = 1\n");
    take(host, desired("a", []));
    expect(host.bytes).toBe("[DEFAULT]\nx = 1\n\n[theirs]\nz = 1\n");
  });

  test("a file that we made goes when nothing is left in it, and stays with what others put there", () => {
    const host: Host = { bytes: undefined, record: undefined };
    take(host, desired("a", [set("rbd_pool", "volumes")]));
    expect(host.bytes).toBe("[ceph]\nrbd_pool = volumes\n");
    take(host, desired("a", []));
    expect(host).toEqual({ bytes: undefined, record: undefined });
    take(host, desired("a", [set("rbd_pool", "volumes")]));
    host.bytes = `${host.bytes ?? ""}\n[theirs]\nz = 1\n`;
    take(host, desired("a", []));
    expect(host.bytes).toContain("[theirs]\nz = 1\n");
    expect(host.record).toBeUndefined();
  });

  test("letting go where the file is gone takes the record away and makes no file", () => {
    const host: Host = { bytes: FILE, record: undefined };
    take(host, desired("a", [set("rbd_pool", "volumes")]));
    host.bytes = undefined;
    take(host, desired("a", []));
    expect(host).toEqual({ bytes: undefined, record: undefined });
  });

  test("forgetting leaves the file and takes the record", () => {
    const host: Host = { bytes: FILE, record: undefined };
    take(host, desired("a", [set("rbd_pool", "volumes")]));
    take(host, desired("a", [], { forget: true }));
    expect(read(host, "rbd_pool")).toEqual(["volumes"]);
    expect(host.record).toBeUndefined();
  });

  test("sections are told apart as the dialect does", () => {
    const host: Host = { bytes: "[Ceph]\nrbd_pool = old\n", record: undefined };
    take(host, desired("a", [set("rbd_pool", "volumes")], { section: "CEPH" }));
    take(host, desired("a", [], { section: "ceph" }));
    expect(host).toEqual({ bytes: "[Ceph]\nrbd_pool = old\n", record: undefined });
  });

  test("a record of another version is refused, not overwritten", () => {
    expect(() => parseLedger('{"version":2}', PATH)).toThrow(/newer version/);
    expect(() => parseLedger("{", PATH)).toThrow(/broken/);
  });
});
