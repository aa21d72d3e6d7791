import { afterEach, expect, test } from "@jest/globals";
import { createServer, type Server, type ServerResponse } from "node:http";
import { newWeb } from "../../../../providers/remote/web";

const servers: Server[] = [];
afterEach(() =>
  servers.splice(0).forEach((server) => {
    server.closeAllConnections();
    server.close();
  }),
);

/** A server on the loopback that answers by `serve`. */
const serving = async (serve: (path: string, response: ServerResponse) => void): Promise<string> => {
  const server = createServer(({ url = "/" }, response) => serve(url, response));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
};

test("a request that waits for others of ours is not taken for one that cannot connect", async () => {
  const connectTimeoutSeconds = 2;
  const url = await serving((path, response) => {
    setTimeout(() => response.end(path), path === "/slow" ? connectTimeoutSeconds * 1000 + 500 : 0);
  });
  const web = newWeb({ connectTimeoutSeconds, commandTimeoutSeconds: 60 });
  const get = async (path: string) => (await web({ method: "GET", url: url + path })).body;
  // As many as there are connections, and one more.
  const slow = Array.from({ length: 8 }, () => get("/slow"));
  await expect(Promise.all([...slow, get("/late")])).resolves.toEqual([...slow.map(() => "/slow"), "/late"]);
});

test("a server that takes the connection and says nothing, or only half, is given up in time", async () => {
  const url = await serving((path, response) => {
    if (path === "/half") response.write("{");
  });
  const web = newWeb({ connectTimeoutSeconds: 10, commandTimeoutSeconds: 1 });
  for (const path of ["/nothing", "/half"])
    await expect(web({ method: "GET", url: url + path })).rejects.toThrow(/no answer within 1 s/);
});

test("an answer that has no end is given up", async () => {
  const url = await serving((_path, response) => {
    const more = () => {
      while (!response.destroyed && response.write("x".repeat(1 << 16)));
    };
    response.on("drain", more);
    more();
  });
  const web = newWeb({ connectTimeoutSeconds: 10, commandTimeoutSeconds: 60 });
  await expect(web({ method: "GET", url })).rejects.toThrow(/more than 8 MiB/);
});
