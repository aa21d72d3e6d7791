/** Whom an HTTPS connection trusts, against real servers on the loopback. */
import { afterEach, expect, test } from "@jest/globals";
import { createServer, type Server } from "node:https";
import { newWeb, type Tls } from "../../../../providers/remote/web";
import { certificateFor, type Certificate } from "../../../support/certificate";

const servers: Server[] = [];
afterEach(() =>
  servers.splice(0).forEach((server) => {
    server.closeAllConnections();
    server.close();
  }),
);

const serving = async ({ cert, key }: Certificate): Promise<string> => {
  const server = createServer({ cert, key }, (_request, response) => response.end("served"));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `https://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
};

const get = async (url: string, tls: Tls = {}): Promise<string> => {
  const web = newWeb({ connectTimeoutSeconds: 20, commandTimeoutSeconds: 20 });
  return (await web({ method: "GET", url, tls })).body;
};

test("an authority of one's own is trusted where it is named, and else refused with the way to name it", async () => {
  const own = certificateFor({ names: ["127.0.0.1"] });
  const url = await serving(own);
  await expect(get(url)).rejects.toThrow(/its certificate is not trusted: .*\n.*`cacert`, OS_CACERT/);
  expect(await get(url, { ca: own.cert })).toBe("served");
  expect(await get(url, { insecure: true })).toBe("served");
  const other = certificateFor({ names: ["127.0.0.1"] });
  await expect(get(url, { ca: other.cert })).rejects.toThrow(/its certificate is not trusted/);
});

test.each([
  [{ until: -0.5 }, /its certificate has expired: .*\n.*Have it renewed there; or is the clock/],
  [{ from: 0.5 }, /its certificate is not valid yet: .*\n.*clock/],
  [
    { names: ["keystone.example.org"] },
    /is for other names: .*127\.0\.0\.1 is not in .*\n.*by a name that is in it/,
  ],
])("%j is told in words, and taken only by `insecure`", async (more, words) => {
  const bad = certificateFor({ names: ["127.0.0.1"], ...more });
  const url = await serving(bad);
  await expect(get(url, { ca: bad.cert })).rejects.toThrow(words);
  expect(await get(url, { ca: bad.cert, insecure: true })).toBe("served");
});

test("http where https is spoken is no matter of trust", async () => {
  const own = certificateFor({ names: ["127.0.0.1"] });
  const url = await serving(own);
  await expect(get(url.replace("https:", "http:"))).rejects.toThrow(/connection was lost before the answer/);
});
