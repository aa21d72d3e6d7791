import { describe, expect, test } from "@jest/globals";
import { hostKeyAlgorithms, lookUp } from "../../../../../providers/remote/ssh/known-hosts";
import type { HostKeyRules } from "../../../../../providers/remote/ssh/way";
import { newKey } from "../../../../support/ssh-keys";

const [mine, third] = [newKey(), newKey("ecdsa")];

const rules = (lines: string): HostKeyRules => ({
  name: "db1.example",
  port: 22,
  checking: "yes",
  lines,
  userFiles: [],
  globalFiles: [],
  usualFile: "",
  ownOrder: false,
  hashNew: false,
  minimumRsaBits: 1024,
});

describe("algorithms of known key types are offered first", () => {
  const known = rules(`db1.example ${third.public}`);
  const offered = (desired: readonly string[] | undefined, ownOrder: boolean): readonly string[] =>
    hostKeyAlgorithms({ ...known, ownOrder }, lookUp(known), desired).slice(0, 2);
  const both = ["ssh-ed25519", "ecdsa-sha2-nistp256"];

  test("in OpenSSH's list and in one that is changed by + or -", () => {
    expect(offered(undefined, false)).toEqual(["ecdsa-sha2-nistp256", "ssh-ed25519"]);
    expect(offered(both, false)).toEqual(["ecdsa-sha2-nistp256", "ssh-ed25519"]);
  });

  test("but in a list with an order of its own", () => expect(offered(both, true)).toEqual(both));

  test("but not those of keys under the name of another type", () => {
    const wrong = rules(`db1.example ${mine.public.replace("ssh-ed25519", "ecdsa-sha2-nistp256")}`);
    expect(hostKeyAlgorithms(wrong, lookUp(wrong)).slice(0, 2)).toEqual(both);
  });

  test("but not where that key is revoked: it is not known", () => {
    const lines = `db1.example ${third.public}\n@revoked * ${third.public}`;
    const revoked = rules(lines);
    expect(hostKeyAlgorithms(revoked, lookUp(revoked)).slice(0, 2)).toEqual(both);
    const second = rules(`db1.example ${newKey("ecdsa").public}\n${lines}`);
    expect(hostKeyAlgorithms(second, lookUp(second))[0]).toBe("ecdsa-sha2-nistp256");
  });

  test("but where a key of the first type is known: that list stays as it is", () => {
    const two = rules(`db1.example ${mine.public}\ndb1.example ssh-rsa AAAAB3NzaC1yc2EAAAABAw==`);
    expect(hostKeyAlgorithms(two, lookUp(two), undefined).slice(0, 2)).toEqual(both);
  });
});
