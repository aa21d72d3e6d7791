import { join } from "node:path";

/** For processes of Node's that an engine starts: the SDK without what it loads in vain. */
export const nodeOptions = (): string => {
  const preload = `--require ${JSON.stringify(join(__dirname, "preload.cjs"))}`;
  return [process.env["NODE_OPTIONS"] ?? "", preload].join(" ").trim();
};
