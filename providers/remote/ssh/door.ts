import type { Link } from "../execution.js";
import { onceGood } from "../once.js";
import type { Settings } from "../settings.js";
import { connectWay } from "./dial.js";
import { connectOpenSsh } from "./openssh-link.js";
import { openSshWay, type OpenSshWay } from "./openssh-way.js";
import { configurationOf, wayTo, type Configuration } from "./options.js";
import { over } from "./over.js";
import { pool } from "./pool.js";
import { operatorOf, type OperatorEnvironment } from "./tokens.js";

/** A host as a transport reaches it. */
export interface Reachable {
  readonly host: string;
  readonly user: string;
  /** Does something over its connection; `work` says when its use of it is over. */
  readonly use: <T>(work: (link: Link, release: () => void) => Promise<T>) => Promise<T>;
}

/** A transport: every connection of one run. */
export interface Door {
  /** @throws Failure `configuration` */
  to(host: string): Promise<Reachable>;
  /** True where a `Host` line of ssh_config names this host itself. */
  names(host: string): Promise<boolean>;
  close(): Promise<void>;
}

type Ways = Pick<Door, "to" | "close">;

const bySsh2 = ({ maxConnections }: Settings, configuration: () => Promise<Configuration>): Ways => {
  const connections = pool({ maxConnections, connect: connectWay });
  return {
    to: async (host) => {
      const way = await wayTo(await configuration(), host);
      return { host: way.host, user: way.user, use: (work) => over(connections, way, work) };
    },
    close: () => connections.close(),
  };
};

const byOpenSsh = (settings: Settings, environment: OperatorEnvironment): Ways => {
  const operator = operatorOf(environment);
  const connections = pool({
    maxConnections: settings.maxConnections,
    connect: (way: OpenSshWay) => connectOpenSsh(way, operator.env),
  });
  return {
    to: async (host) => {
      const way = await openSshWay(settings, operator, host);
      return { host: way.host, user: way.user, use: (work) => over(connections, way, work) };
    },
    close: () => connections.close(),
  };
};

/** The transport that the settings name. Opens nothing by itself. */
export const doorOf = (settings: Settings, environment: OperatorEnvironment): Door => {
  const configuration = onceGood(() => configurationOf(settings, environment));
  return {
    ...(settings.transport === "openssh"
      ? byOpenSsh(settings, environment)
      : bySsh2(settings, configuration)),
    names: async (host) => (await configuration()).names(host),
  };
};
