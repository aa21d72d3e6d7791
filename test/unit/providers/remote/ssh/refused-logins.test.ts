import { afterEach, describe, expect, test } from "@jest/globals";
import { oddAgent, type Agent } from "../../../../support/ssh-agent";
import { hostEntry, said, stage } from "../../../../support/ssh-operator";
import { newKey, type SshServerOptions } from "../../../../support/ssh-server";
import { by, TRANSPORTS } from "../../../../support/transports";

const { server, who, clear } = stage();
const agents: Agent[] = [];
afterEach(async () => {
  for (const one of agents.splice(0)) one.close();
  await clear();
});

const withOddAgent = async (types?: readonly string[], options: SshServerOptions = {}) => {
  const far = await server(options);
  const someone = who({ far });
  const odd = await oddAgent(someone.home, types);
  agents.push(odd);
  someone.write(".ssh/config", hostEntry("far", far, `  IdentityAgent ${odd.socket}\n`));
  return { far, someone };
};

const WAY_OUT = 'set ceph-openstack:transport to "openssh"';

describe.each(TRANSPORTS)("by %s, a login", (transport) => {
  test("whose agent hangs has failed: the host is not unreachable", async () => {
    const { far, someone } = await withOddAgent();
    const text = hostEntry(
      "far",
      far,
      `  IdentityAgent ${someone.home}/odd-agent.sock\n  IdentitiesOnly no\n`,
    );
    someone.write(".ssh/config", text);
    const machine = by(transport, someone, { connectTimeoutSeconds: "4" }).machine("far");
    const failed = said(machine, ":");
    await expect(failed).rejects.toMatchObject({ code: "authentication" });
    await expect(failed).rejects.toThrow("agent");
  });

  test("with a server that wants a second factor says that the key was accepted", async () => {
    const far = await server({ secondFactor: "keyboard-interactive" });
    const failed = said(by(transport, who({ far })).machine("far"), ":");
    await expect(failed).rejects.toMatchObject({ code: "authentication" });
    await expect(failed).rejects.toThrow(/accepted, and the server wants .*keyboard-interactive/);
  });

  test("with a server that has no key exchange in common says what it offers", async () => {
    const far = await server({ kex: ["diffie-hellman-group1-sha1"] });
    const failed = said(by(transport, who({ far })).machine("far"), ":");
    await expect(failed).rejects.toMatchObject({ code: "configuration" });
    await expect(failed).rejects.toThrow("diffie-hellman-group1-sha1");
  });
});

describe("what ssh2 cannot log in with", () => {
  const failureOf = async (someone: ReturnType<typeof who>): Promise<string> =>
    said(someone.remote().machine("far"), ":").catch((error: unknown) =>
      String(Reflect.get(Object(error), "message")),
    );

  test("is named where it is a FIDO key or a certificate in the agent, with the way out", async () => {
    const { someone } = await withOddAgent([
      "sk-ssh-ed25519@openssh.com",
      "ssh-ed25519-cert-v01@openssh.com",
    ]);
    const message = await failureOf(someone);
    expect(message).toContain("a FIDO key in the agent (sk-ssh-ed25519@openssh.com my key)");
    expect(message).toContain("a certificate in the agent (ssh-ed25519-cert-v01@openssh.com my key)");
    expect(message).toContain(WAY_OUT);
  });

  test("is named where a certificate lies beside a key", async () => {
    const far = await server({ authorized: [newKey().public] });
    const someone = who({ far });
    const path = someone.write(".ssh/key-far-cert.pub", "ssh-ed25519-cert-v01@openssh.com AAAA me\n");
    const message = await failureOf(someone);
    expect(message).toContain(`the certificate ${path}`);
    expect(message).toContain(WAY_OUT);
  });

  test("is named where the server takes no keys at all", async () => {
    const far = await server({ onlyBy: "gssapi-with-mic" });
    const message = await failureOf(who({ far }));
    expect(message).toContain("the server takes no keys, but gssapi-with-mic");
    expect(message).toContain(WAY_OUT);
  });

  test("is not spoken of where a key was simply refused", async () => {
    const far = await server({ authorized: [newKey().public] });
    const message = await failureOf(who({ far }));
    expect(message).toContain("was refused");
    expect(message).not.toContain("ssh2");
  });
});
