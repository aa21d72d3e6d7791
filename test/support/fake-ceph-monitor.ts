/** What the monitors of a Ceph 16.2.15 cluster answer. Texts and codes as recorded from the real ones. */
import type { MonCommand } from "../../providers/clients/ceph/door";
import { newKey } from "../../providers/formats/keyring";
import {
  done,
  poolHandlers,
  type Answer,
  type FakeEntity,
  type FakeMonitor,
  type Handler,
} from "./fake-ceph-pools";
import { crushHandlers } from "./fake-crush-monitor";

const capsOf = ({ caps }: MonCommand): Record<string, string> => {
  const words = typeof caps === "object" ? caps : [];
  return Object.fromEntries(words.flatMap((word, i) => (i % 2 === 0 ? [[word, words[i + 1] ?? ""]] : [])));
};

const shown = (entity: unknown, { key, caps }: FakeEntity): Answer =>
  done([{ entity, key, caps }], `exported keyring for ${String(entity)}`);

const importKeyring: Handler = ({ entities }, _command, input) => {
  const name = /^\[(.+)\]$/m.exec(input)?.[1] ?? "";
  const key = /^\tkey = (.+)$/m.exec(input)?.[1] ?? "";
  const caps = [...input.matchAll(/^\tcaps (\w+) = "(.*)"$/gm)].map(([, type = "", text = ""]) => [
    type,
    text.replace(/\\(.)/g, "$1"),
  ]);
  if (caps.length === 0) return { code: 22, text: "auth import: no caps supplied" };
  entities.set(name, { key, caps: Object.fromEntries(caps) });
  return done("", "imported keyring");
};

const handlers: Record<string, Handler> = {
  ...poolHandlers,
  ...crushHandlers,
  fsid: ({ fsid }) => done(`${fsid}\n`),
  version: ({ version }) => done({ version }),
  "auth get": ({ entities }, { entity }) => {
    const found = entities.get(String(entity));
    return found === undefined
      ? { code: 2, text: `failed to find ${String(entity)} in keyring` }
      : shown(entity, found);
  },
  "auth get-or-create": ({ entities }, command) => {
    const name = String(command["entity"]);
    const found = entities.get(name) ?? { key: newKey(), caps: capsOf(command) };
    if (JSON.stringify(found.caps) !== JSON.stringify(capsOf(command)))
      return { code: 22, text: `key for ${name} exists but cap osd does not match` };
    entities.set(name, found);
    return shown(name, found);
  },
  "auth caps": ({ entities }, command) => {
    const found = entities.get(String(command["entity"]));
    if (found === undefined) return { code: 2, text: `couldn't find entry ${String(command["entity"])}` };
    found.caps = capsOf(command);
    return done("", `updated caps for ${String(command["entity"])}`);
  },
  "auth import": importKeyring,
  "auth rm": ({ entities }, { entity }) => {
    entities.delete(String(entity));
    return done("", "updated");
  },
  "config-key dump": ({ records }, { key }) =>
    done(Object.fromEntries([...records].filter(([name]) => name.startsWith(String(key))))),
  "config-key set": ({ records }, { key, val }) => {
    records.set(String(key), String(val));
    return done("", `set ${String(key)}`);
  },
  "config-key rm": ({ records }, { key }) => {
    records.delete(String(key));
    return done("", "key deleted");
  },
  "config generate-minimal-conf": ({ fsid }) =>
    done(
      `# minimal ceph.conf for ${fsid}\n[global]\n\tfsid = ${fsid}\n\tmon_host = [v2:192.0.2.1:3300/0,v1:192.0.2.1:6789/0] \n`,
    ),
};

export const answerMon = (monitor: FakeMonitor, command: MonCommand, input: string): Answer =>
  handlers[command.prefix]?.(monitor, command, input) ?? { code: 22, text: "command not known" };
