/** Keys of Ceph 20 on hosts with an older Ceph: refused before anything is written. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { expect, test } from "@jest/globals";
import { cephKeyringFile } from "../../../../providers/ceph-keyring-file/index";
import { keyType, newKey } from "../../../../providers/formats/keyring";
import { fakeHost } from "../../../support/fake-host";
import { runOf } from "../../../support/run-of";

// Made by `ceph auth get-or-create` of 20.2.4 and never used.
const AES256K = "AgAA8VNlAAAAACAAUgBF7rfW+8HQQsXeETtU9v8BXHsan1wT/dB5RY6Df80=";

/** 16.2.15 and 18.2.7 with a key of Ceph 20: exit code 1, and the key on standard error. */
const OLD = `case $(cat "$4") in *'key = Ag'*) cat "$4" >&2; echo "error reading file $4" >&2; exit 1 ;; esac`;
const NEW = `sed -n 's/.*key = //p' "$4"`;

const site = (ceph: string, key: string) => {
  const tools = fakeHost();
  const host = fakeHost({ name: "vol1", bin: tools.root });
  writeFileSync(tools.path("ceph-authtool"), `#!/bin/sh\n${ceph}\n`);
  chmodSync(tools.path("ceph-authtool"), 0o755);
  mkdirSync(host.path("etc"));
  const keyFile = tools.path("source");
  writeFileSync(keyFile, `[client.cinder]\n\tkey = ${key}\n`);
  const path = host.path("etc", "keyring");
  const sent: string[] = [];
  host.before = (request) => {
    sent.push(JSON.stringify([request.program.name, request.args, String(request.stdin ?? "")]));
    return request;
  };
  const create = () =>
    runOf({ vol1: host, mon1: tools })
      .of(cephKeyringFile)
      .create({
        host: "vol1",
        cluster: { fsid: "11111111-2222-4333-8444-555555555555" },
        entity: "client.cinder",
        owner: userInfo().username,
        path,
        keyFrom: { host: "mon1", path: keyFile },
      });
  return { create, host, path, sent };
};

test("a key that Ceph on the host cannot read is refused, by its type, and nothing is written", async () => {
  const { create, host, path, sent } = site(OLD, AES256K);
  const error = await create().then(
    () => "written",
    (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)),
  );
  expect(error).toContain("the key of client.cinder is of the type aes256k");
  expect(error).toContain("ceph auth rotate client.cinder --key-type aes");
  expect([existsSync(path), host.records()]).toEqual([false, []]);
  expect(error + sent.join("\n")).not.toContain(AES256K);
});

test("a key that Ceph on the host reads is written", async () => {
  const { create, host, path, sent } = site(NEW, AES256K);
  await create();
  expect(host.text(path)).toContain(AES256K);
  const probe = sent.filter((one) => one.includes("ceph-key-probe"));
  expect(probe).toHaveLength(1);
  expect(probe[0]).not.toContain(AES256K);
});

test("a key that every release reads is written without a question", async () => {
  const { create, host } = site(OLD, newKey());
  await create();
  expect(host.ran).not.toContain("ceph-key-probe");
});

test("the type of a key is told from its header", () => {
  expect([keyType(AES256K), keyType(newKey()), keyType(newKey(AES256K)), keyType("QUJD")]).toEqual([
    "aes256k",
    "aes",
    "aes256k",
    undefined,
  ]);
});
