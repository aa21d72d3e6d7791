/**
 * What a program that we start on this machine finds in its environment: that of the operator, without what is ours and what is secret. It may start
 * others that go on living, and some of them write their environment down.
 */

/** Settings of ours and of Pulumi, keys and passphrases among them, and what OpenStack's clients log in with. */
const OURS = /^(?:CEPH_OPENSTACK_|PULUMI_)|^OS_.*(?:PASSWORD|TOKEN|SECRET)/;

export const environmentOf = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !OURS.test(name)));
