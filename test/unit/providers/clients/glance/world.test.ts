/** What Keystone, Glance and what stands before them answer, beside what they should. */
import { describe, expect, test } from "@jest/globals";
import { retryAfter } from "../../../../../providers/clients/glance/answers";
import type { WebAnswer, WebRequest } from "../../../../../providers/remote/web";
import { fakeGlance, GLANCE, IMAGE, KEYSTONE, type FakeGlance } from "../../../../support/fake-glance";
import { failureOf, granted } from "../../../../support/clouds-site";
import { first, on, propertiesOn } from "../../../../support/images-site";

const auth = { authUrl: KEYSTONE, username: "glance", password: "open sesame", projectName: "images" };
const desired = { image: "cirros", auth };
const WHOM = /^properties of image cirros|^glance\.example|^keystone\.example|http/;

/** Requests that reach the fake, with all of them. */
const requestsTo = (fake: FakeGlance): WebRequest[] => {
  const all: WebRequest[] = [];
  fake.before = (request) => void all.push(request);
  return all;
};

const isLogin = ({ method }: WebRequest): boolean => method === "POST";

/** In the place of each answer, or of those to some requests, which then reach nobody. What was asked, in its order. */
const answering = (fake: FakeGlance, given: Partial<WebAnswer>, to = (_: WebRequest) => true) => {
  const { web } = fake;
  const asked: WebRequest[] = [];
  fake.web = (request) => {
    asked.push(request);
    return to(request) ? Promise.resolve({ status: 200, headers: {}, body: "", ...given }) : web(request);
  };
  return asked;
};

const methodsOf = (asked: readonly WebRequest[]): string[] => asked.map(({ method }) => method);
const patches = (asked: readonly WebRequest[]): number =>
  asked.filter(({ method }) => method === "PATCH").length;

describe("the catalogue", () => {
  const all = granted(
    { url: "http://public.a:9292", region: "A" },
    { url: "http://internal.a:9292", region: "A", interface: "internal" },
    { url: "https://admin.b/v2/", region: "B", interface: "admin" },
    { url: "http://[2001:db8::1]:9292", region: "B" },
  );
  const serviceOf = async (more: object, catalogue = all) => {
    const fake = fakeGlance();
    fake.catalogue = catalogue;
    const requests = requestsTo(fake);
    const { outs } = await on(fake).create({ ...desired, ...more });
    expect(
      requests[1]?.url.startsWith(`${JSON.stringify(outs["imageService"]).slice(1, -1)}/v2/images`),
    ).toBe(true);
    return outs["imageService"];
  };

  test.each([
    [{ region: "A" }, "http://public.a:9292"],
    [{ region: "A", interface: "internal" }, "http://internal.a:9292"],
    [{ interface: "admin" }, "https://admin.b"],
    [{ region: "B" }, "http://[2001:db8::1]:9292"],
    [{ endpoint: "http://[::1]:9292/v2" }, "http://[::1]:9292"],
  ])("with %j leads to %s", async (more, service) => {
    expect(await serviceOf(more)).toBe(service);
  });

  test.each([
    [{}, all, /the Image service is in several regions: A, B\n.*Give region/],
    [{ region: "C" }, all, /no public endpoint of an Image service in region C; it is in A, B\n/],
    [{ region: "A", interface: "admin" }, all, /no admin endpoint .* in region A; it is in B\n/],
    [{}, all.slice(0, 1), /no public endpoint of an Image service\n.*openstack catalog show image/],
    [{}, [], /\(the token has no catalogue: is a project given\?\)/],
  ])("with %j is refused with what it has", async (more, catalogue, words) => {
    await expect(serviceOf(more, catalogue)).rejects.toThrow(words);
  });
});

describe("Keystone answers", () => {
  test.each([
    [400, "", /Keystone answers 400/],
    [
      401,
      "",
      /Keystone refuses user glance \(domain default\) \(401, the program\)\n.*openstack token issue/,
    ],
    [403, "", /Keystone refuses user glance .*403/],
    [404, "<h1>nginx</h1>", /no Identity API v3 answers there \(404, the program\)\n.*with or without \/v3/],
    [409, '{"error":{"message":"why"}}', /Keystone answers 409: why/],
    [413, "", /Keystone answers 413/],
    [500, "<h1>Oops</h1> broken", /Keystone does not serve now \(500\): broken\n.*Keystone's log/],
    [200, "<title>Sign in</title> Please sign in", /Keystone answers 200: .*sign in\n.*proxy or a portal/],
    [201, "{}", /Keystone answers without a token \(the program\)\n.*X-Subject-Token/],
    [301, "", /it points elsewhere \(301, http:\/\/evil\.example\.org\/v3\)\n.*login is not sent on/],
  ])("%i, and that is said with the host, the request and what helps", async (status, body, words) => {
    const fake = fakeGlance();
    const headers = status === 301 ? { location: "http://evil.example.org/v3" } : {};
    const asked = answering(fake, { status, body, headers }, isLogin);
    const said = await failureOf(on(fake).create(desired));
    expect(said).toMatch(words);
    expect(said).toContain("POST http://keystone.example.org:5000/v3/auth/tokens");
    expect(said).not.toContain("open sesame");
    expect(methodsOf(asked)).toEqual(["POST"]);
  });
});

describe("Glance answers", () => {
  test.each([
    [400, "<h1>400</h1> bad name", /Glance refuses a name or a value \(400\): bad name/],
    [401, "", /Glance refuses the token \(401, the program\)\n.*It wants a login: give cloud or auth/],
    [403, "<h1>403</h1> no", /Glance forbids it \(403\): no\n.*modify_image/],
    [404, "<h1>nginx</h1>", /no Image API v2 answers there \(404, the program\)/],
    [410, "gone", /Glance answers 410: gone/],
    [500, "<h1>500</h1> broken", /Glance does not serve now \(500\): broken\n.*Glance's log/],
    [
      200,
      "<h1>Portal</h1> Please sign in",
      /no Image API v2 answers there \(200, the program\): Please sign in/,
    ],
  ])("%i to what reads, and that is said with what helps", async (status, body, words) => {
    const fake = fakeGlance();
    answering(fake, { status, body });
    const said = await failureOf(on(fake).create(first));
    expect(said).toMatch(words);
    expect(said).toMatch(WHOM);
    expect(fake.written).toEqual([]);
  });

  test("a page of a proxy in the place of an image: it is not taken for one that is gone", async () => {
    for (const image of ["cirros", IMAGE]) {
      const fake = fakeGlance();
      const made = await on(fake).create({ ...first, image });
      const body = "<p>Please sign in</p>";
      answering(fake, { body }, ({ url }) => url.includes("/v2/images"));
      for (const act of [on(fake).refresh(made), on(fake).remove(made)])
        await expect(act).rejects.toThrow(/Glance answers 200: Please sign in\n.*proxy or a portal/);
    }
  });

  test("409 to each PATCH ends in words, after a few", async () => {
    const fake = fakeGlance();
    const asked = answering(fake, { status: 409 }, ({ method }) => method === "PATCH");
    await expect(on(fake).create(first)).rejects.toThrow(/had changed since it was looked at \(409/);
    expect(patches(asked)).toBe(4);
  });
});

describe("too many requests", () => {
  /** So many times first, then as it should be. */
  const busy = (fake: FakeGlance, times: number, given: Partial<WebAnswer>, method: string) => {
    let left = times;
    return answering(fake, given, (request) => request.method === method && left-- > 0);
  };

  test.each(["POST", "GET", "PATCH"])("a %s is asked again when Retry-After says so", async (method) => {
    const fake = fakeGlance();
    busy(fake, 2, { status: 429, headers: { "retry-after": "0" } }, method);
    await on(fake).create(desired);
    expect(propertiesOn(fake)["hw_disk_bus"]).toBe("scsi");
  });

  test("is not asked for ever, and not where it is to wait for long: then that is said", async () => {
    const fake = fakeGlance();
    const asked = busy(fake, 99, { status: 429, headers: { "retry-after": "0" } }, "GET");
    await expect(on(fake).create(first)).rejects.toThrow(
      /Glance does not serve now \(429\)\n.*Too many requests/,
    );
    expect(asked).toHaveLength(3);
    const long = busy(fake, 99, { status: 429, headers: { "retry-after": "3600" } }, "GET");
    await expect(on(fake).create(first)).rejects.toThrow(/It wants to be asked again in 3600 s/);
    expect(long).toHaveLength(1);
  });

  test("a PATCH that a proxy may have let through (502, 503, 504) is not sent twice without a look", async () => {
    for (const status of [502, 503, 504]) {
      const fake = fakeGlance();
      const asked = busy(fake, 1, { status, headers: { "retry-after": "0" } }, "PATCH");
      await expect(on(fake).create(first)).rejects.toThrow(`Glance does not serve now (${status})`);
      expect(patches(asked)).toBe(1);
    }
  });

  test.each([
    ["7", 7],
    ["Fri, 27 Nov 2026 12:00:09 GMT", 9],
    ["Fri, 27 Nov 2026 11:00:00 GMT", 0],
    ["soon", undefined],
    ["-5", undefined],
    ["", undefined],
  ])("Retry-After %j is %p seconds", (text, seconds) => {
    const now = Date.parse("2026-11-27T12:00:00Z");
    expect(retryAfter({ headers: { "retry-after": text } }, now)).toBe(seconds);
  });
});

describe("a redirection", () => {
  const moved = (fake: FakeGlance, location: string, method = "GET") =>
    answering(fake, { status: 302, headers: { location } }, (request) => {
      return request.method === method && request.url.startsWith(`${GLANCE}/v2`);
    });

  test.each([
    "http://evil.example.org:9292/v2/images",
    "https://glance.example.org.evil.example.org/v2/images",
    "//evil.example.org/v2/images",
    "http://glance.example.org@evil.example.org/v2/images",
    "ftp://glance.example.org/v2/images",
  ])("to %s is not followed: no other host gets the token", async (location) => {
    const fake = fakeGlance();
    const asked = moved(fake, location);
    await expect(on(fake).create(desired)).rejects.toThrow(/it points elsewhere \(302, /);
    const hosts = asked.map(({ url }) => new URL(url).host);
    expect(hosts).toEqual(["keystone.example.org:5000", "glance.example.org:9292"]);
  });

  test("to https, or to another path of the same host, is followed when something is read", async () => {
    const fake = fakeGlance();
    const made = await on(fake).create(first);
    const asked = moved(fake, "https://glance.example.org/v2/images?name=cirros");
    expect((await on(fake).refresh(made))?.outs["imageId"]).toBe(IMAGE);
    expect(asked.map(({ url }) => new URL(url).protocol)).toEqual(["http:", "https:"]);
  });

  test("that turns in a circle ends", async () => {
    const fake = fakeGlance();
    const asked = moved(fake, `${GLANCE}/v2/images?name=cirros`);
    await expect(on(fake).create(first)).rejects.toThrow(/it points elsewhere/);
    expect(asked).toHaveLength(4);
  });

  test("of a PATCH is not followed", async () => {
    const fake = fakeGlance();
    const asked = moved(fake, "https://glance.example.org/v2/images", "PATCH");
    await expect(on(fake).create(first)).rejects.toThrow(/it points elsewhere \(302/);
    expect(patches(asked)).toBe(1);
  });
});
