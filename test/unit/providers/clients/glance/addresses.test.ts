/** A login within an address: it would stand in ids, in state, and in each error. */
import { describe, expect, test } from "@jest/globals";
import { fakeGlance, GLANCE, KEYSTONE } from "../../../../support/fake-glance";
import { failureOf, granted, refusal } from "../../../../support/clouds-site";
import { on } from "../../../../support/images-site";

const LOGINS = [
  "https://storage:hunter2@glance.example.org:9292",
  "https://:hunter2@glance.example.org",
  "https://storage:hun/ter2@glance.example.org",
  "https://storage:1/hunter2@glance.example.org",
  "https://storage:hunter2#@glance.example.org",
  "https://storage:hunter2?@glance.example.org",
  "https://storage:hun@ter2@glance.example.org",
  "storage:hunter2@glance.example.org",
];

describe.each(LOGINS)("%s", (address) => {
  test("as the endpoint is refused in check by that name, without what stands before the host", async () => {
    const problems = await on(fakeGlance()).problems({ image: "cirros", endpoint: address });
    expect(problems.join()).toMatch(
      /^endpoint "(https:\/\/)?glance\.example\.org(:9292)?" must be an address .* without a login in it/,
    );
    expect(problems.join()).not.toMatch(/storage|hun|ter2/);
  });

  test("as auth.authUrl is refused by that name, without any of it", async () => {
    const auth = { authUrl: address, username: "glance", password: "open sesame" };
    const problems = await on(fakeGlance()).problems({ image: "cirros", auth });
    expect(problems).toHaveLength(1);
    expect(problems.join()).toMatch(/^auth\.authUrl \[secret\] must be .* without a login in it/);
    expect(problems.join()).not.toMatch(/storage|hun|ter2/);
  });

  test("in clouds.yaml and in the environment is refused by its name when it is read", () => {
    const login = { username: "glance", password: "open sesame" };
    const said = [
      refusal({ file: { clouds: { prod: { auth: { auth_url: address, ...login } } } } }),
      refusal({ file: { clouds: { prod: { image_endpoint_override: address } } } }),
      refusal({ env: { OS_AUTH_URL: address, OS_USERNAME: "glance", OS_PASSWORD: "open sesame" } }),
      refusal({ env: { OS_IMAGE_ENDPOINT_OVERRIDE: address } }),
    ];
    expect(
      said.map((one) => /(auth_url|endpoint) is "(https:\/\/)?glance\.example\.org/.exec(one)?.[1]),
    ).toEqual(["auth_url", "endpoint", "auth_url", "endpoint"]);
    expect(said.join()).not.toMatch(/storage|hun|ter2/);
  });

  test("in the catalogue is refused, and nothing is asked there", async () => {
    const fake = fakeGlance();
    fake.catalogue = granted({ url: address });
    const auth = { authUrl: KEYSTONE, username: "glance", password: "open sesame" };
    const said = await failureOf(on(fake).create({ image: "cirros", auth }));
    expect(said).toMatch(
      /the catalogue's address of the Image service is "(https:\/\/)?glance\.example\.org/,
    );
    expect(said).not.toMatch(/storage|hun|ter2/);
    expect(fake.asked).toEqual(["POST /v3/auth/tokens"]);
  });
});

test("a login in the address of a redirection, or in what a proxy says, is not shown and not used", async () => {
  const fake = fakeGlance();
  const location = "https://storage:hunter2@glance.example.org/v2/images?name=cirros";
  fake.after = () => ({ status: 302, headers: { location }, body: "" });
  const moved = await failureOf(on(fake).create({ image: "cirros", endpoint: GLANCE }));
  expect(moved).toMatch(/it points elsewhere \(302, https:\/\/glance\.example\.org\/v2/);
  const body = "<p>cannot reach http://storage:hunter2@squid:3128/ now</p>";
  fake.after = () => ({ status: 500, headers: {}, body });
  const sick = await failureOf(on(fake).create({ image: "cirros", endpoint: GLANCE }));
  expect(sick).toContain("cannot reach http://squid:3128/ now");
  expect([moved, sick].join()).not.toMatch(/storage|hunter2/);
  expect(fake.asked).toHaveLength(2);
});
