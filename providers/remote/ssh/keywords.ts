/** What is done about a keyword of ssh_config that is set for a host in use. */
export type Treatment =
  | { readonly kind: "honoured" }
  /** Changes neither where we connect, nor as whom, nor whom we trust; passed over. */
  | { readonly kind: "harmless" }
  /** Refused by name, but for values that mean the default. */
  | { readonly kind: "refused"; readonly why: string; readonly unless: readonly string[] };

const HONOURED =
  "AddressFamily BindAddress Ciphers ConnectTimeout GlobalKnownHostsFile HashKnownHosts Host HostKeyAlgorithms HostKeyAlias HostName " +
  "IdentitiesOnly IdentityAgent IdentityFile IgnoreUnknown Include KexAlgorithms KnownHostsCommand MACs Match Port ProxyCommand ProxyJump RequiredRSASize " +
  "ServerAliveCountMax ServerAliveInterval StrictHostKeyChecking Tag User UserKnownHostsFile";

/** With the names that OpenSSH itself only accepts for old files' sake. */
const HARMLESS =
  "AddKeysToAgent BatchMode CanonicalDomains CanonicalizeFallbackLocal CanonicalizeMaxDots CanonicalizePermittedCNAMEs CASignatureAlgorithms " +
  "ChannelTimeout ClearAllForwardings Compression CompressionLevel ConnectionAttempts ControlMaster ControlPath ControlPersist DynamicForward " +
  "EnableEscapeCommandline EnableSSHKeysign EscapeChar ExitOnForwardFailure FingerprintHash ForkAfterAuthentication ForwardAgent ForwardX11 " +
  "ForwardX11Timeout ForwardX11Trusted GatewayPorts GSSAPIAuthentication GSSAPIClientIdentity GSSAPIDelegateCredentials GSSAPIKexAlgorithms " +
  "GSSAPIKeyExchange GSSAPIRenewalForcesRekey GSSAPIServerIdentity GSSAPITrustDns HostbasedAcceptedAlgorithms HostbasedAuthentication " +
  "HostbasedKeyTypes IPQoS KbdInteractiveAuthentication KbdInteractiveDevices ChallengeResponseAuthentication LocalCommand LocalForward " +
  "LogLevel LogVerbose NoHostAuthenticationForLocalhost NumberOfPasswordPrompts ObscureKeystrokeTiming PasswordAuthentication " +
  "PermitLocalCommand PermitRemoteOpen Protocol PubkeyAcceptedAlgorithms PubkeyAcceptedKeyTypes RekeyLimit RemoteForward RequestTTY " +
  "SecurityKeyProvider SendEnv SetEnv StdinNull StreamLocalBindMask StreamLocalBindUnlink SyslogFacility TCPKeepAlive KeepAlive Tunnel " +
  "TunnelDevice UpdateHostKeys UseKeychain UsePrivilegedPort UseRoaming UseRsh VerifyHostKeyDNS VersionAddendum VisualHostKey WarnWeakCrypto " +
  "XAuthLocation Cipher DSAAuthentication FallBackToRsh GlobalKnownHostsFile2 UserKnownHostsFile2 RhostsAuthentication " +
  "RhostsRSAAuthentication RSAAuthentication SKeyAuthentication TISAuthentication AFSTokenPassing KerberosAuthentication KerberosTgtPassing";

const REFUSED: Readonly<Record<string, readonly [why: string, ...unless: string[]]>> = {
  BindInterface: ["the interface cannot be chosen; BindAddress can", "none"],
  CanonicalizeHostname: ["names are looked up as they are written; write the whole name", "no", "false"],
  CertificateFile: ["user certificates are not honoured", "none"],
  CheckHostIP: ["addresses are not compared with known_hosts", "no", "false"],
  PKCS11Provider: ["smart cards are reached through the agent only (ssh-add -s)", "none"],
  SmartcardDevice: ["smart cards are reached through the agent only (ssh-add -s)", "none"],
  PreferredAuthentications: ["logins are by public key only"],
  ProxyUseFdpass: ["ProxyCommand must carry the connection itself", "no", "false"],
  PubkeyAuthentication: ["logins are by public key only", "yes", "true", "unbound", "host-bound"],
  RefuseConnection: ["ssh_config forbids connections to this host"],
  RemoteCommand: ["another command would run than the one asked for", "none"],
  RevokedHostKeys: ["revocation lists are not read; `@revoked` lines of known_hosts are", "none"],
  SessionType: ["programs must be able to run", "default"],
};

const words = (text: string): string[] => text.toLowerCase().split(" ");

const TABLE: ReadonlyMap<string, Treatment> = new Map<string, Treatment>([
  ...words(HONOURED).map((name): [string, Treatment] => [name, { kind: "honoured" }]),
  ...words(HARMLESS).map((name): [string, Treatment] => [name, { kind: "harmless" }]),
  ...Object.entries(REFUSED).map(([name, [why, ...unless]]): [string, Treatment] => [
    name.toLowerCase(),
    { kind: "refused", why, unless },
  ]),
]);

/** How a keyword (lower case) is treated; undefined: nobody knows it. */
export const treatmentOf = (keyword: string): Treatment | undefined => TABLE.get(keyword);

/** The whole table, for the documentation. */
export const keywordTable = (): readonly (readonly [string, Treatment])[] => {
  const spelled = [...HONOURED.split(" "), ...HARMLESS.split(" "), ...Object.keys(REFUSED)];
  return spelled.flatMap((name) => {
    const treatment = TABLE.get(name.toLowerCase());
    return treatment === undefined ? [] : [[name, treatment] as const];
  });
};
