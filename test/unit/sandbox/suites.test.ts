/** Releases beside each other: which one a sandbox is of, and where its packages come from. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

const lib = join(__dirname, "../../../sandbox/lib");
let state: string;

beforeAll(() => {
  state = mkdtempSync(join(tmpdir(), "sandbox-"));
  mkdirSync(join(state, "made", "identity"), { recursive: true });
  writeFileSync(join(state, "made", "identity", "suites"), "bullseye trixie\n");
});
afterAll(() => rmSync(state, { recursive: true, force: true }));

/** Runs a text of bash over the sandbox's own functions. */
const bash = (text: string, { input = "", ...environment }: Record<string, string> = {}) => {
  const parts = ["common", "suite", "tree"].map((part) => `. "$SANDBOX_LIB/${part}.sh"`).join("; ");
  const result = spawnSync(
    "bash",
    ["-euo", "pipefail", "-c", `${parts}; machine_suite() { printf bookworm; }; ${text}`],
    {
      encoding: "utf8",
      input,
      env: {
        PATH: process.env["PATH"] ?? "/usr/bin:/bin",
        SANDBOX_LIB: lib,
        SANDBOX_STATE: state,
        ...environment,
      },
    },
  );
  return { code: result.status, out: result.stdout, err: result.stderr };
};
const both = "hosts_suite; echo; ceph_suite";

describe("the releases of a sandbox", () => {
  test("are the machine's, and the cluster's follows the hosts'", () => {
    expect(bash(both).out).toBe("bookworm\nbookworm");
    expect(bash(both, { SANDBOX_SUITE: "trixie" }).out).toBe("trixie\ntrixie");
    expect(bash(both, { SANDBOX_SUITE: "trixie", SANDBOX_CEPH_SUITE: "forky" }).out).toBe("trixie\nforky");
  });

  test("says the release of OpenStack of the hosts' files, and none for a release that it does not know", () => {
    const openstack = (suite: string) => bash("suite_openstack", { SANDBOX_SUITE: suite }).out;
    expect(["bullseye", "trixie", "noble"].map(openstack)).toEqual(["victoria", "2025.1", ""]);
  });

  test("stay as they were when it was made, and another wish is refused with the cure", () => {
    expect(bash(`${both}; suites_kept`, { SANDBOX_NAME: "made" }).out).toBe("bullseye\ntrixie");
    const { code, err } = bash("suites_kept", { SANDBOX_NAME: "made", SANDBOX_CEPH_SUITE: "forky" });
    expect(code).toBe(1);
    expect(err).toContain(
      "sandbox: SANDBOX_CEPH_SUITE=forky, but 'made' has the cluster of trixie; take another SANDBOX_NAME, or run: sandbox destroy\n",
    );
  });

  test("are code names and no paths", () => {
    const { code, err } = bash("check_suites", { SANDBOX_SUITE: "../trixie" });
    expect(code).toBe(1);
    expect(err).toContain("SANDBOX_SUITE '../trixie'");
  });
});

describe("trees", () => {
  test("carry the release's name, and a release's own recipe is its own alone", () => {
    const ids = bash(
      `before=$(tree_id trixie) other=$(tree_id bookworm) copy=$(mktemp -d); cp -r "$SANDBOX_LIB/." "$copy"
       SANDBOX_LIB=$copy; echo '# more' >>"$copy/suites/trixie.sh"
       printf '%s\\n' "$before" "$(tree_id trixie)" "$other" "$(tree_id bookworm)"; rm -r "$copy"`,
    ).out.split("\n");
    expect(ids[0]).toMatch(/^trixie-[0-9a-f]{16}$/);
    expect(ids[1]).toMatch(/^trixie-/);
    expect(ids[1]).not.toBe(ids[0]);
    expect(ids[3]).toBe(ids[2]);
  });

  test("that cannot be had on this machine end with EX_UNAVAILABLE and the reason", () => {
    for (const [line, why] of [
      [
        "E: The repository 'http://mirror potato Release' does not have a Release file.",
        "do not serve the release 'potato'",
      ],
      [
        "W: GPG error: The following signatures couldn't be verified: NO_PUBKEY 0123",
        "lacks the archive keys of 'potato'",
      ],
    ] as const) {
      writeFileSync(join(state, "build.log"), `${line}\n`);
      const { code, err } = bash(`build_failed "${state}" '' potato`);
      expect(code).toBe(69);
      expect(err).toContain(line);
      expect(err).toContain(why);
    }
  });
});

describe("bullseye's package sources", () => {
  const stanza = (suites: string) =>
    `Types: deb\nURIs: http://mirror/debian\nSuites: ${suites}\nComponents: main\n`;
  const edit = (input: string) => bash("suite_load bullseye; suite_sources_edit", { input }).out.trim();

  test("leave out the security index, which names files that are gone, in both formats of apt", () => {
    const main = stanza("bullseye bullseye-updates");
    expect(edit(`${main}\n${stanza("bullseye-security")}`)).toBe(main.trim());
    const line = "deb http://mirror/debian bullseye main";
    expect(edit(`${line}\ndeb http://mirror/debian-security bullseye-security main\n`)).toBe(line);
  });
});
