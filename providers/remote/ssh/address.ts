import { isIPv4, isIPv6, SocketAddress } from "node:net";

/** IPv4 in all the forms that the C library takes: `127.1`, `0x7f.1`. */
const shortForm = (name: string): string => {
  if (!/^(?:0x[\da-f]*|\d+)(?:\.(?:0x[\da-f]*|\d+)){0,3}$/.test(name)) return name;
  try {
    const { hostname } = new URL(`http://${name}`);
    return isIPv4(hostname) ? hostname : name;
  } catch {
    return name;
  }
};

/**
 * The name under which OpenSSH connects and looks for host keys: lower case but where it looks like an address; addresses of the family that is
 * asked for in their usual form.
 */
export const addressName = (name: string, family = "any"): string => {
  if (isIPv6(name) && !name.includes("%") && family !== "inet")
    return new SocketAddress({ address: name, family: "ipv6" }).address;
  if (/[:%]/.test(name)) return name;
  const lower = name.toLowerCase();
  return family === "inet6" ? lower : shortForm(lower);
};
