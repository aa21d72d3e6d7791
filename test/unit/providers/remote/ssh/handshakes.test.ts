/** A connection that fails for a reason that lasts is tried once in a run: sshd 10 shuts out an address after a few handshakes without a login. */
import { afterEach, describe, expect, test } from "@jest/globals";
import { said, stage, type Operator } from "../../../../support/ssh-operator";
import { newKey, type SshServer } from "../../../../support/ssh-server";
import { by, TRANSPORTS } from "../../../../support/transports";

const { server, who, clear } = stage();
afterEach(clear);

interface Hopeless {
  readonly far: SshServer;
  readonly someone: Operator;
}

const HOPELESS: readonly (readonly [string, string, () => Promise<Hopeless>])[] = [
  [
    "whose login is refused",
    "authentication",
    async () => {
      const far = await server({ authorized: [newKey().public] });
      return { far, someone: who({ far }) };
    },
  ],
  [
    "whose host key is not known",
    "host-key",
    async () => {
      const far = await server();
      const someone = who({ far });
      someone.write(".ssh/known_hosts", "");
      return { far, someone };
    },
  ],
  [
    "that has no key exchange in common",
    "configuration",
    async () => {
      const far = await server({ kex: ["diffie-hellman-group1-sha1"] });
      return { far, someone: who({ far }) };
    },
  ],
];

describe.each(TRANSPORTS)("by %s, a host", (transport) => {
  test.each(HOPELESS)(
    "%s sees one handshake in a run, of however many programs",
    async (_, code, hopeless) => {
      const { far, someone } = await hopeless();
      const machine = by(transport, someone).machine("far");
      const together = Array.from({ length: 6 }, () => said(machine, ":"));
      for (const run of together) await expect(run).rejects.toMatchObject({ code });
      for (let later = 0; later < 4; later += 1)
        await expect(said(machine, ":")).rejects.toMatchObject({ code });
      expect(far.counts.connections).toBe(1);
    },
  );
});
