/** The resolved way to one login on one machine, as OpenSSH's configuration and the settings have it. Plain data. */
export interface Way {
  /** The name that the way was asked for. */
  readonly host: string;
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  readonly addressFamily: "any" | "inet" | "inet6";
  readonly bindAddress?: string | undefined;
  /** The jump host whose connection carries this one. */
  readonly via?: Way | undefined;
  /** A command, tokens expanded, whose standard input and output carry the connection. */
  readonly proxyCommand?: string | undefined;
  readonly connectTimeoutSeconds: number;
  /** 0: no keep-alive. */
  readonly aliveIntervalSeconds: number;
  readonly aliveCountMax: number;
  readonly identities: IdentitySources;
  readonly hostKeys: HostKeyRules;
  /** Names that OpenSSH knows, in order of preference; undefined: ssh2's own choice. */
  readonly algorithms: {
    readonly hostKey?: readonly string[] | undefined;
    readonly kex?: readonly string[] | undefined;
    readonly cipher?: readonly string[] | undefined;
    readonly mac?: readonly string[] | undefined;
  };
}

/** Where private keys come from. */
export interface IdentitySources {
  /** Text of a key from the settings. */
  readonly text?: string | undefined;
  readonly passphrase?: string | undefined;
  readonly files: readonly string[];
  /** The files were named by the user: one that is missing is told when the login fails. */
  readonly explicit: boolean;
  /** Agent keys count only where one of the files is the same key. */
  readonly only: boolean;
  /** Path of the agent's socket. */
  readonly agent?: string | undefined;
}

/** A command that prints lines of a known_hosts file. */
export interface KnownHostsCommand {
  /** As in the file. */
  readonly text: string;
  /** File and line, for people. */
  readonly where: string;
  /** What percent tokens stand for, but those of the key that is asked for. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
}

/** What a host key must be. */
export interface HostKeyRules {
  /** Name that known_hosts is searched for: HostKeyAlias, or the real name. */
  readonly name: string;
  readonly port: number;
  readonly checking: "yes" | "accept-new" | "no";
  /** Lines given instead of files. */
  readonly lines?: string | undefined;
  readonly userFiles: readonly string[];
  readonly globalFiles: readonly string[];
  /** The file that `ssh-keygen -R` looks into where none is named. */
  readonly usualFile: string;
  /** Prints more lines. */
  readonly command?: KnownHostsCommand | undefined;
  /** HostKeyAlgorithms is a list of its own (or begins with `^`): known keys do not come first. */
  readonly ownOrder: boolean;
  readonly hashNew: boolean;
  /** Bits that an RSA key must have at least. */
  readonly minimumRsaBits: number;
}

/** The name that known_hosts is searched for. */
export const searchName = ({ name, port }: HostKeyRules): string =>
  port === 22 ? name : `[${name}]:${port}`;

/** What every way has: the name it was asked for, and the way that carries it. */
export interface Leads<W> {
  readonly host: string;
  readonly via?: W | undefined;
}

/** Two names of one target with one login share a connection: this is what they have in common. */
export const wayKey = <W extends Leads<W>>({ host: _host, via, ...rest }: W): string =>
  JSON.stringify([rest, via === undefined ? null : wayKey(via)]);
