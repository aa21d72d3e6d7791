/**
 * A libvirt secret for Ceph: its XML, its UUID and its usage.
 * @see https://libvirt.org/formatsecret.html
 */
import { createHash } from "node:crypto";

/** A secret as libvirt defines it; its value travels by another way. */
export interface SecretDefinition {
  readonly uuid: string;
  /** The name of its use; unique among the secrets of a host. */
  readonly usage: string;
  readonly description?: string;
  /** Whether its value can be read back by nobody. */
  readonly private: boolean;
  /** Whether it is kept in memory only. */
  readonly ephemeral: boolean;
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

/** The XML for `virsh secret-define`. @throws Error when a text holds what XML cannot (control characters) */
export function secretXml(secret: SecretDefinition): string {
  const { uuid, usage, description } = secret;
  if ([uuid, usage, description ?? ""].some((text) => /\p{Cc}|\p{Cs}|[\ufffe\uffff]/u.test(text))) {
    throw new Error("a libvirt secret's uuid, usage and description must not contain control characters");
  }
  return [
    `<secret ephemeral="${yesNo(secret.ephemeral)}" private="${yesNo(secret.private)}">`,
    `  <uuid>${escapeXml(uuid)}</uuid>`,
    ...(description === undefined ? [] : [`  <description>${escapeXml(description)}</description>`]),
    '  <usage type="ceph">',
    `    <name>${escapeXml(usage)}</name>`,
    "  </usage>",
    "</secret>",
    "",
  ].join("\n");
}

function yesNo(value: boolean): "yes" | "no" {
  return value ? "yes" : "no";
}

/** A secret as `virsh secret-dumpxml` shows it: also one whose type is not "ceph". */
export interface FoundSecret extends SecretDefinition {
  /** "ceph", "volume", "iscsi", "tls", "vtpm"; "" for none. */
  readonly usageType: string;
}

/** Reads the XML that `virsh secret-dumpxml` prints; undefined when it is no secret. */
export function parseSecretXml(xml: string): FoundSecret | undefined {
  const text = xml.replace(/<!--[^]*?-->/g, "");
  const attributes = /<secret\b([^>]*)>/.exec(text)?.[1];
  const uuid = element(text, "uuid");
  if (attributes === undefined || uuid === undefined) return undefined;
  const usage = usageOf(text);
  const description = element(text.replace(usage.whole, ""), "description");
  return {
    uuid: uuid.trim().toLowerCase(),
    usage: usage.name,
    usageType: usage.type,
    private: attribute(attributes, "private") === "yes",
    ephemeral: attribute(attributes, "ephemeral") === "yes",
    ...(description === undefined ? {} : { description }),
  };
}

function usageOf(text: string): { whole: string; type: string; name: string } {
  const [whole, attributes, inner] = /<usage\b([^>]*)>([^]*?)<\/usage\s*>/.exec(text) ?? ["", "", ""];
  return { whole, type: attribute(attributes, "type") ?? "", name: element(inner, "name") ?? "" };
}

function element(text: string, name: string): string | undefined {
  const found = new RegExp(`<${name}\\s*>([^<]*)</${name}\\s*>`).exec(text)?.[1];
  return found === undefined ? undefined : unescapeXml(found);
}

function attribute(text: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(text);
  const value = found?.[1] ?? found?.[2];
  return value === undefined ? undefined : unescapeXml(value);
}

const NAMES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(#?\w+);/g, (whole, name: string) => {
    const code = /^#(?:x([0-9a-fA-F]+)|(\d+))$/.exec(name);
    if (code === null) return NAMES[name] ?? whole;
    return String.fromCodePoint(code[1] === undefined ? Number(code[2]) : Number.parseInt(code[1], 16));
  });
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The UUID of the secret of an entity: UUIDv5 of the entity's name in the namespace of the cluster's fsid, so that it is
 * the same on every host and known before anything is.
 * @throws Error when the fsid is no UUID
 * @see https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-5
 */
export function secretUuid(fsid: string, entity: string): string {
  if (!UUID.test(fsid)) throw new Error("a cluster's fsid must be a UUID");
  const namespace = Buffer.from(fsid.replace(/-/g, ""), "hex");
  const bytes = createHash("sha1").update(namespace).update(entity, "utf8").digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The usage of the secret of an entity: "client.cinder secret", with the cluster's name before it unless that is "ceph". */
export function defaultUsage(clusterName: string, entity: string): string {
  return clusterName === "ceph" ? `${entity} secret` : `${clusterName} ${entity} secret`;
}
