import { afterEach, describe, expect, test } from "@jest/globals";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import type { Server } from "node:net";
import { join } from "node:path";
import { fakeCheckout } from "./fake-checkout";
import type { FakeCheckout } from "./fake-checkout";

const project = join(__dirname, "..", "..", "..");
const made: FakeCheckout[] = [];

function checkout(...args: Parameters<typeof fakeCheckout>): FakeCheckout {
  const fake = fakeCheckout(...args);
  made.push(fake);
  return fake;
}

afterEach(() => {
  for (const fake of made.splice(0)) fake.remove();
});

function addOwnEngine(fake: FakeCheckout, version: string): void {
  fake.tool("pulumi", `console.log("v${version}")`);
  fake.tool("pulumi-language-nodejs", "");
  fake.tool("pulumi-resource-pulumi-nodejs", "");
}

/** Go as the build sees it: it notes its arguments and makes a program that reports the version it was linked with. */
function addGo(fake: FakeCheckout, version: string, more = ""): void {
  fake.tool(
    "go",
    `const fs = require("node:fs");
    const args = process.argv.slice(2);
    fs.appendFileSync(${JSON.stringify(join(fake.tools, "go.log"))}, args.join(" ") + "\\n");
    if (args[0] === "version") console.log("go version go${version} linux/amd64");
    if (args[0] === "env") console.log("local");
    if (args[0] !== "build") process.exit(0);
    ${more}
    fs.mkdirSync(process.env.GOMODCACHE, { recursive: true });
    const linked = /Version=(\\S+)/.exec(args.join(" "))[1];
    const text = "#!${process.execPath}\\nconsole.log('" + linked + "')";
    fs.writeFileSync(args[args.indexOf("-o") + 1], text, { mode: 0o755 });`,
  );
}

/** Starts a server on a free port of this machine. */
async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}/install.sh`;
}

const bin = (fake: FakeCheckout, version = "3.250.0") =>
  join(fake.root, ".pulumi-home/versions", version, "bin");
const goLog = (fake: FakeCheckout) => readFileSync(join(fake.tools, "go.log"), "utf8");

describe("ensure", () => {
  test("serves a user by the pulumi on PATH, under its own version, and says so", async () => {
    const fake = checkout();
    addOwnEngine(fake, "3.300.1");
    const { code, stderr } = await fake.engine("ensure");
    expect(stderr).toContain("pulumi 3.300.1 is ready (your own, from PATH)");
    expect(code).toBe(0);
    expect(readFileSync(join(bin(fake, "3.300.1"), "pulumi"), "utf8")).toContain("3.300.1");
    expect((await fake.engine("env")).stdout).toContain("export PULUMI_VERSION='3.300.1'");
    expect((await fake.engine("run", "version")).stdout).toBe("v3.300.1\n");
  });

  test("passes over a pulumi that is too old or incomplete, and without any way says what was tried and what to do", async () => {
    const fake = checkout();
    addOwnEngine(fake, "3.215.0");
    const old = await fake.engine("ensure");
    expect(old.code).toBe(1);
    expect(old.stderr).toMatch(/your own `pulumi`: .*pulumi is 3\.215\.0; 3\.216 or later/);
    expect(old.stderr).toContain("127.0.0.1:47 cannot be reached (ECONNREFUSED)");
    expect(old.stderr).toContain("there is no Go toolchain");
    expect(old.stderr).toContain("install Go 1.25.11 or later");
    expect(readdirSync(join(fake.root, ".pulumi-home/versions"))).toEqual([]);
    addOwnEngine(fake, "3.216.0");
    rmSync(join(fake.tools, "pulumi-language-nodejs"));
    const lame = await fake.engine("ensure");
    expect(lame.stderr).toContain("is without pulumi-language-nodejs");
    expect(lame.code).toBe(1);
  });

  test("builds the pinned version with Go, deletes what only the build needed, and needs Go only once for all checkouts", async () => {
    const fake = checkout();
    addOwnEngine(fake, "3.300.0");
    addGo(fake, "1.26.1");
    const first = await fake.engine("ensure", "--pinned");
    expect(first.stderr).toContain("pulumi 3.250.0 is ready (built here from its published source)");
    expect(goLog(fake)).toContain("-mod=readonly");
    expect(readdirSync(fake.cache)).toEqual(["engine"]);
    const wrapper = statSync(join(bin(fake), "pulumi-resource-pulumi-nodejs"));
    expect(wrapper.mode & 0o777).toBe(0o755);
    const other = checkout(undefined, fake.cache);
    const second = await other.engine("ensure");
    expect(second.stderr).toContain("pulumi 3.250.0 is ready (built earlier on this machine)");
    expect(existsSync(join(other.tools, "go.log"))).toBe(false);
  });

  test("leaves nothing half-made when a build fails, and keeps what Go had for the next run", async () => {
    const fake = checkout();
    addGo(
      fake,
      "1.26.1",
      `if (args.at(-1).includes("language")) { console.error("disk full"); process.exit(1); }`,
    );
    const cut = await fake.engine("ensure");
    expect(cut.code).toBe(1);
    expect(cut.stderr).toContain("go build of pulumi-language-nodejs exited 1:\n    disk full");
    expect(existsSync(bin(fake))).toBe(false);
    expect(readdirSync(join(fake.cache, "engine"))).toEqual([]);
    expect(readdirSync(join(fake.cache, "go"))).toContain("mod");
    mkdirSync(join(fake.cache, "engine", "left.partial-by-a-kill"));
    addGo(fake, "1.26.1");
    expect((await fake.engine("ensure")).code).toBe(0);
    expect(readdirSync(join(fake.cache, "engine")).join()).toMatch(/^3\.250\.0-[0-9a-f]{12}-\w+-\w+$/);
  });

  test("names the Go that is too old and may not fetch a newer one", async () => {
    const fake = checkout();
    addGo(fake, "1.19.8");
    expect((await fake.engine("ensure")).stderr).toContain("Go is 1.19, and 1.25 or later is needed");
  });

  test("has the launcher's installer put the engine in its place, and takes nothing of one that fails", async () => {
    const part = (name: string) =>
      `printf '#!/bin/sh\\necho v3.250.0\\n' > "$4/bin/${name}"; chmod 755 "$4/bin/${name}"\n`;
    const parts = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"].map(part);
    let script = `${parts.join("")}echo cannot write >&2; exit 23\n`;
    const server = createHttpServer((_, response) => response.end(script));
    const fake = checkout(await listen(server));
    fake.tool("chmod", `require("node:fs").chmodSync(process.argv[3], 0o755)`);
    const failed = await fake.engine("ensure");
    expect(failed.stderr).toContain("the launcher's download: the installer exited 23: cannot write");
    expect(existsSync(bin(fake))).toBe(false);
    script = parts.join("");
    const good = await fake.engine("ensure");
    server.close();
    expect(good.stderr).toContain("pulumi 3.250.0 is ready (downloaded by the official launcher)");
    expect(readdirSync(join(bin(fake), ".."))).toEqual(["bin"]);
  });

  test("gives up on a download host that is silent within seconds", async () => {
    const server = createServer(() => undefined);
    const fake = checkout(await listen(server));
    const { stderr } = await fake.engine("ensure");
    server.close();
    expect(stderr).toContain("cannot be reached (no answer in 6 s)");
  });

  test("does nothing in a second run, keeps the passphrase, and takes over the lock of a run that was killed", async () => {
    const fake = checkout();
    addGo(fake, "1.26.1");
    await fake.engine("ensure");
    const passphrase = join(fake.root, ".pulumi-home/passphrase");
    const before = readFileSync(passphrase, "utf8");
    const calls = goLog(fake);
    writeFileSync(join(fake.root, ".pulumi-home/engine.lock"), `${process.pid} 1\n`); // this number, another start: gone
    mkdirSync(join(fake.root, ".pulumi-home/versions/.partial-x"));
    expect((await fake.engine("ensure")).code).toBe(0);
    expect(goLog(fake)).toBe(calls);
    expect(readFileSync(passphrase, "utf8")).toBe(before);
    expect(statSync(passphrase).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(fake.root, ".pulumi-home/versions"))).toEqual(["3.250.0"]);
  });
});

test("what Go builds is the version that the launcher pins, and every sum it needs is there", () => {
  const read = (path: string) => readFileSync(join(project, path), "utf8");
  const pinned: { devDependencies: { pulumi: string } } = JSON.parse(read("package.json"));
  const built = `github.com/pulumi/pulumi/pkg/v3 v${pinned.devDependencies.pulumi}`;
  expect(read("scripts/engine/pulumi/go.mod")).toContain(`${built}\n`);
  expect(read("scripts/engine/pulumi/go.sum")).toContain(`${built} h1:`);
});
