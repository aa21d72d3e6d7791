/**
 * Which secrets a libvirt connection leads to. Pure. One daemon keeps the secrets of all drivers, and one connection has many names.
 * @see https://libvirt.org/uri.html
 */

const LOCAL = ["", "localhost", "127.0.0.1", "[::1]", "::1"];

/** Sockets of the system's own daemons, monolithic and modular. */
const SOCKET = /^(?:\/var)?\/run\/libvirt\/(?:libvirt-sock|virt[a-z]+d-sock)$/;

const socketOf = (query: string): string => {
  const socket = new URLSearchParams(query).get("socket") ?? "";
  return SOCKET.test(socket) ? "" : socket;
};

/** `system` for the daemon of this machine by any of its names; equal for what is certainly one place, else the connection itself. */
export const secretStore = (uri: string): string => {
  const found =
    /^[a-z][a-z0-9]*(?:\+unix)?:\/\/(?<host>[^/?]*)\/(?<name>system|session)\/*(?:\?(?<query>.*))?$/.exec(
      uri,
    );
  const { host = "", name = "", query = "" } = found?.groups ?? {};
  if (found === null || !LOCAL.includes(host)) return uri;
  const socket = socketOf(query);
  return socket === "" ? name : `${name} by ${socket}`;
};
