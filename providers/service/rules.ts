/** The rules for the inputs of a service. */
import { absolutePath, commandWord, host, onDelete } from "../kernel/common.js";
import { isMap, isUnknown } from "../kernel/json.js";
import {
  boolean,
  defaulted,
  integer,
  list,
  map,
  object,
  oneOf,
  optional,
  text,
  type Rule,
  type Shape,
} from "../kernel/shape.js";
import type { Probe } from "../clients/systemd/index.js";
import { canonicalUnit } from "../formats/unit.js";
import type { ServiceInputs } from "./index.js";

export const AS_FILES_SAY = "what its files say";

const unit: Rule<string> = {
  check(value, path, report) {
    const found = typeof value === "string" ? canonicalUnit(value) : undefined;
    if (found !== undefined) return found;
    report(
      path,
      value,
      'must be a service: "nova-compute", "user@1000.service", or a container as "docker:nova_compute", "podman:nova_compute"',
    );
    return undefined;
  },
};

const readName: Rule<string> = {
  check(value, path, report) {
    const file = typeof value === "string" ? value.replace(/#\[[^[\]]+\]$/, "") : value;
    const isPath = absolutePath.check(file, path, () => undefined) !== undefined;
    if (isPath && typeof value === "string") return value;
    report(
      path,
      value,
      'must be an absolute path, or one section of a file: "/etc/nova/nova.conf", "/etc/nova/nova.conf#[libvirt]"',
    );
    return undefined;
  },
};

const tcp: Rule<number | string> = {
  check(value, path, report) {
    // A list of one number reads as that number.
    const given = typeof value === "number" || typeof value === "string" ? value : "";
    const port = typeof given === "number" ? given : Number(/(?:^|[\w.\]-]:)(\d+)$/.exec(given)?.[1]);
    if (Number.isInteger(port) && port > 0 && port < 65536 && /^[\w.:[\]-]+$/.test(String(given)))
      return given;
    report(path, value, 'must be a port of the host itself, or "host:port"');
    return undefined;
  },
};

const PROBES = {
  tcp: object<{ readonly tcp: number | string }>({ tcp }),
  http: object<{ readonly http: string }>({
    http: text(/^https?:\/\/[\x21-\x7e]+$/, "an address that begins with http:// or https://"),
  }),
  command: object<{ readonly command: readonly string[] }>({ command: list(commandWord) }),
};

export const probe: Rule<Probe> = {
  check(value, path, report) {
    const [key, ...more] = isMap(value) ? Object.keys(value) : [];
    if (more.length === 0) {
      if (key === "tcp") return PROBES.tcp.check(value, path, report);
      if (key === "http") return PROBES.http.check(value, path, report);
      if (key === "command") return PROBES.command.check(value, path, report);
    }
    report(path, isUnknown(value) ? undefined : value, "must be one of { tcp }, { http }, { command }");
    return undefined;
  },
};

const triggerName = text(/^[^\u0000-\u001f\u007f]{1,300}$/, "a name without control characters");
const triggerValue: Rule<string> = {
  check(value, path, report) {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      return String(value);
    report(path, value, "must be text, a number, true or false; of more than that, a hash");
    return undefined;
  },
};

export const shape: Shape<ServiceInputs> = {
  host,
  unit,
  triggers: optional(map(triggerName, triggerValue)),
  reads: optional(list(readName, { empty: true })),
  action: defaulted(oneOf("restart", "reload", "none"), "restart"),
  at: defaulted(oneOf("change", "destroy"), "change"),
  command: optional(list(commandWord)),
  enabled: optional(boolean),
  running: optional(boolean),
  optional: optional(boolean),
  probe: optional(probe),
  steadySeconds: defaulted(integer(0, 600), 3),
  timeoutSeconds: defaulted(integer(1, 3600), 120),
  virsh: defaulted(list(commandWord), ["virsh", "-c", "qemu:///system"]),
  onDelete,
  runsWith: optional(oneOf(AS_FILES_SAY)),
};
