/** What holds for the proofs of every cloud. */
import { expect, test } from "@jest/globals";
import { clusterOf, every, keyrings, of, secrets, text } from "../../../support/planned-clouds";

test("on every compute each libvirt secret is proven, by its user's keyring too where that is there and as guests do where it is not", () => {
  every((cloud) => {
    for (const host of new Set(secrets(cloud).map((secret) => secret.host))) {
      const proven = of(cloud, "ClientCheck").filter(
        ({ args }) => args.host === host && args.libvirtSecret !== undefined,
      );
      const uuids = proven.map(({ args }) => text((args.libvirtSecret as { uuid: unknown }).uuid));
      const there = secrets(cloud).filter((secret) => secret.host === host);
      expect(uuids.sort()).toEqual(there.map(({ uuid }) => uuid).sort());
      for (const { name, args } of proven.filter((one) => one.args.guestsOnly !== true)) {
        const { fsid } = clusterOf(args);
        const own = keyrings(cloud).filter((one) => one.host === host && one.fsid === fsid);
        expect([name, own.map(({ entity }) => entity)]).toEqual([
          name,
          expect.arrayContaining([args.entity]),
        ]);
      }
    }
  });
});

test("a rotation proves the secret of a backend's own user again", () => {
  every((cloud) => {
    for (const { args, name } of of(cloud, "ClientCheck").filter((one) => one.args.guestsOnly === true))
      expect([name, Object.keys(args.triggers ?? {})]).toEqual([
        name,
        expect.arrayContaining([expect.stringMatching(/^secret client\./)]),
      ]);
  });
});
