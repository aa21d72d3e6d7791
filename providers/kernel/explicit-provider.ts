/** Other connection settings for a part of a program. */
import * as pulumi from "@pulumi/pulumi";
import {
  PLAIN_SETTINGS,
  SECRET_SETTINGS,
  unknownSettings,
  type SettingName,
} from "../remote/setting-names.js";
import { checkStackConfig } from "./stack-config.js";

/** How hosts are reached: the names of the stack's configuration `ceph-openstack:…` (docs/hosts.md). What is not given is taken from there. */
export interface CephOpenStackProviderArgs {
  /** Who speaks ssh: a library in the process, or the system's own `ssh`. @default "ssh2" */
  transport?: pulumi.Input<"ssh2" | "openssh">;
  /** Another ssh_config file, or `none`. */
  sshConfig?: pulumi.Input<string>;
  /** Login for all hosts. */
  sshUser?: pulumi.Input<string>;
  /** Port for all hosts, 1-65535. */
  sshPort?: pulumi.Input<number>;
  /** Jump hosts for all hosts, as ProxyJump. */
  proxyJump?: pulumi.Input<string>;
  /** Text of a private key; secret. */
  sshPrivateKey?: pulumi.Input<string>;
  /** Path of a private key. */
  sshPrivateKeyFile?: pulumi.Input<string>;
  /** Passphrase of encrypted private keys; secret. */
  sshPassphrase?: pulumi.Input<string>;
  /** Lines of a known_hosts file. */
  knownHosts?: pulumi.Input<string>;
  /** Host keys that are not known: `yes` refuses them; `accept-new` takes the first of a host and adds it to known_hosts, and refuses another one later; `no` takes all but revoked ones. @default "yes" */
  hostKeyChecking?: pulumi.Input<"yes" | "accept-new" | "no">;
  /** How to become superuser: `sudo`, or `none`: as the login. Also JSON by host pattern. @default "sudo" unless the login is root */
  become?: pulumi.Input<string>;
  /** Password for sudo; also JSON by host pattern; secret. */
  sudoPassword?: pulumi.Input<string>;
  /** Seconds until a host that does not answer counts as unreachable. @default 10 */
  connectTimeoutSeconds?: pulumi.Input<number>;
  /** Seconds that one remote program may take. @default 60 */
  commandTimeoutSeconds?: pulumi.Input<number>;
  /** Connections open at a time. @default 32 */
  maxConnections?: pulumi.Input<number>;
  /** A host that does not answer at a destroy: `fail`, or `forget:host,host`: of those hosts what is there stays, is said, and is forgotten. @default "fail" */
  unreachableOnDelete?: pulumi.Input<string>;
  /** A host that does not answer at a refresh: `fail`, or `keep` what was recorded, and say so. @default "fail" */
  unreachableOnRefresh?: pulumi.Input<"fail" | "keep">;
  /** `<project>/<stack>` whose records may be taken over. */
  takeOverFrom?: pulumi.Input<string>;
}

const text = (value: pulumi.Input<string | number> | undefined): pulumi.Output<string> | undefined =>
  value === undefined ? undefined : pulumi.output(value).apply(String);

/**
 * An explicit provider: resources that are given it (`{ provider }`, or `{ providers }` of a component) are reached its way, by a process of
 * its own. A change of it changes no resource.
 */
export class CephOpenStackProvider extends pulumi.ProviderResource {
  constructor(name: string, args: CephOpenStackProviderArgs = {}, opts?: pulumi.ResourceOptions) {
    checkStackConfig();
    const unknown = unknownSettings(Object.keys(args));
    if (unknown.length > 0)
      throw new pulumi.RunError(`CephOpenStackProvider "${name}":\n  ${unknown.join("\n  ")}`);
    const config = new pulumi.Config("ceph-openstack");
    const given = (key: SettingName) => text(args[key]);
    const plain = PLAIN_SETTINGS.map((key) => [key, given(key) ?? config.get(key)] as const);
    const secrets = SECRET_SETTINGS.map((key) => {
      const value = given(key) ?? config.getSecret(key);
      return [key, value === undefined ? undefined : pulumi.secret(value)] as const;
    });
    const entries = [...plain, ...secrets].filter(([, value]) => value !== undefined);
    super(
      "pulumi-nodejs",
      name,
      Object.fromEntries(entries.map(([key, value]) => [`ceph-openstack:${key}`, value])),
      opts,
    );
  }
}
