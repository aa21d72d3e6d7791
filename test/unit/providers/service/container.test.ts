import { expect, test } from "@jest/globals";
import { mkdirSync, writeFileSync } from "node:fs";
import { service } from "../../../../providers/service/index";
import { fakeHost } from "../../../support/fake-host";
import { runOf } from "../../../support/run-of";

/**
 * Answers as the engines do to what is asked of them; one container, begun in 2020, and anew by each restart. Of what podman does not know (a field
 * by its name in JSON inside of a function; before version 4 `.State.Health`) it prints half, as podman does.
 */
const ENGINE = String.raw`#!/bin/sh
dir=$(dirname "$0")
began=$(cat "$dir/began")
case "$1 $*" in
  ps*) echo nova_compute; echo nova_api ;;
  inspect*'json .Id'*) printf '{"id":'; echo 'Error: template: inspect:1:20: can not evaluate field Id' >&2 ;;
  inspect*'.State.Health'*) printf 'run'; echo 'Error: template: inspect:1:5: can not evaluate field Health' >&2; exit 125 ;;
  inspect*'"state"'*) printf '{"id":"abc","restarts":0,"state":{"Status":"running","StartedAt":"%s"}}\n' "$began" ;;
  inspect*) printf 'running 0 "%s"\n' "$began" ;;
  restart*) echo "$*" >>"$dir/log"; date -u +%Y-%m-%dT%H:%M:%S.%NZ >"$dir/began" ;;
  *) exit 9 ;;
esac
`;

test.each(["docker", "podman"])(
  "a container of %s is restarted when its files changed, and not again",
  async (engine) => {
    const host = fakeHost({ name: "cmp1" });
    const bin = host.path("bin");
    mkdirSync(bin);
    writeFileSync(`${bin}/${engine}`, ENGINE, { mode: 0o755 });
    writeFileSync(`${bin}/began`, "2020-01-01T01:00:00.123456789+01:00\n");
    host.before = (request) => ({
      ...request,
      program: { ...request.program, text: `PATH='${bin}':$PATH\n${request.program.text}` },
    });
    const conf = host.path("nova.conf");
    writeFileSync(conf, "[libvirt]\nrbd_user = cinder\n");
    const of = () => runOf({ cmp1: host }).of(service);
    const inputs = { host: "cmp1", unit: `${engine}:nova_api`, reads: [conf], steadySeconds: 0 };
    const made = await of().create(inputs);
    expect(made.id).toBe(`cmp1/${engine}:nova_api`);
    await of().create(inputs);
    expect((await of().refresh(made))?.outs).toEqual(made.outs);
    expect(host.text(`${bin}/log`)).toBe("restart nova_api\n");
    await expect(of().create({ ...inputs, unit: `${engine}:api` })).rejects.toThrow(
      /there is no (?:docker|podman) container api\n {2}Similar ones are there: nova_api/,
    );
  },
);
