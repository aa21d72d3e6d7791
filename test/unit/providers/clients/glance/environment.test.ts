/** `OS_*`, as openrc files and shells have them. */
import { describe, expect, test } from "@jest/globals";
import { accessIn, refusal } from "../../../../support/clouds-site";

const RC = {
  OS_AUTH_URL: "https://keystone.example.org:5000/v3",
  OS_USERNAME: "glance",
  OS_PASSWORD: "open sesame",
  OS_PROJECT_NAME: "images",
};

const scopeIn = (env: Record<string, string>): unknown =>
  Reflect.get(Object(accessIn({ env }).identity?.body["auth"]), "scope");

test.each([
  ["https://k:5000", "https://k:5000/v3"],
  ["https://k:5000/", "https://k:5000/v3"],
  ["https://k:5000/v3", "https://k:5000/v3"],
  ["https://k:5000/v3/", "https://k:5000/v3"],
  ["https://k/identity", "https://k/identity/v3"],
  ["https://k/identity/v3", "https://k/identity/v3"],
  ["http://[2001:db8::1]:5000/v3", "http://[2001:db8::1]:5000/v3"],
])("OS_AUTH_URL %s asks %s", (url, asked) => {
  expect(accessIn({ env: { ...RC, OS_AUTH_URL: url } }).identity?.url).toBe(asked);
});

test.each([
  [{ OS_AUTH_URL: "https://k:5000/v2.0" }, "auth_url is of Identity API v2"],
  [{ OS_AUTH_URL: "https://k:5000/v2.0/" }, "auth_url is of Identity API v2"],
  [{ OS_IDENTITY_API_VERSION: "2" }, "identity_api_version is of Identity API v2"],
  [{ OS_IDENTITY_API_VERSION: "2.0" }, "identity_api_version is of Identity API v2"],
  [{ OS_AUTH_URL: "keystone:5000" }, 'auth_url is "keystone:5000"'],
  [{ OS_AUTH_URL: "http://[::1" }, 'auth_url is "http://[::1"'],
  [{ OS_PASSWORD: "" }, "there is no password"],
  [{ OS_USERNAME: "" }, "there is no username"],
  [{ OS_AUTH_URL: "" }, "there is no auth_url"],
  [{ OS_INTERFACE: "private" }, 'interface "private" is none'],
  [{ OS_AUTH_TYPE: "v3oidcpassword" }, 'auth_type "v3oidcpassword" is not known here'],
])("%j is refused: %s", (more, what) => {
  expect(refusal({ env: { ...RC, ...more } })).toContain(`OS_* of the environment: ${what}`);
});

describe("for whom and for what", () => {
  test.each([
    [{ OS_PROJECT_DOMAIN_NAME: "D" }, { project: { name: "images", domain: { name: "D" } } }],
    [{ OS_PROJECT_DOMAIN_ID: "d" }, { project: { name: "images", domain: { id: "d" } } }],
    [{ OS_PROJECT_DOMAIN_ID: "" }, { project: { name: "images", domain: { id: "default" } } }],
    [{ OS_DEFAULT_DOMAIN: "e" }, { project: { name: "images", domain: { id: "e" } } }],
    [{ OS_PROJECT_ID: "9" }, { project: { id: "9" } }],
    [{ OS_PROJECT_NAME: "", OS_TENANT_NAME: "old" }, { project: { name: "old", domain: { id: "default" } } }],
    [{ OS_PROJECT_NAME: "", OS_TENANT_ID: "8" }, { project: { id: "8" } }],
    [{ OS_PROJECT_NAME: "", OS_DOMAIN_NAME: "D" }, { domain: { name: "D" } }],
    [{ OS_PROJECT_NAME: "", OS_SYSTEM_SCOPE: "all" }, { system: { all: true } }],
  ])("%j", (more, scope) => {
    expect(scopeIn({ ...RC, ...more })).toEqual(scope);
  });

  test.each([
    [{ OS_USER_DOMAIN_NAME: "D" }, "user glance (domain D)"],
    [{ OS_USER_DOMAIN_ID: "d" }, "user glance (domain d)"],
    [{ OS_USER_ID: "7", OS_USERNAME: "" }, "user 7"],
    [{ OS_AUTH_TYPE: "v3token", OS_TOKEN: "t0ken" }, "a token"],
    [{ OS_PASSWORD: "", OS_TOKEN: "t0ken" }, "a token"],
    [
      {
        OS_AUTH_TYPE: "v3applicationcredential",
        OS_APPLICATION_CREDENTIAL_ID: "1",
        OS_APPLICATION_CREDENTIAL_SECRET: "s",
      },
      "application credential 1",
    ],
    [
      { OS_APPLICATION_CREDENTIAL_NAME: "storage", OS_APPLICATION_CREDENTIAL_SECRET: "s" },
      "application credential storage",
    ],
  ])("%j is %s", (more, who) => {
    expect(accessIn({ env: { ...RC, ...more } }).identity?.who).toBe(who);
  });
});

test.each([
  [{ OS_REGION_NAME: "B" }, { region: "B" }],
  [{ OS_REGION_NAME: "" }, { region: undefined }],
  [{ OS_INTERFACE: "internal" }, { interface: "internal" }],
  [{ OS_ENDPOINT_TYPE: "adminURL" }, { interface: "admin" }],
  [{ OS_INSECURE: "true" }, { tls: { insecure: true } }],
  [{ OS_INSECURE: "0" }, { tls: {} }],
  [{ OS_CACERT: "~/ca.pem" }, { tls: { ca: "-----BEGIN CA-----" } }],
  [{ OS_IDENTITY_API_VERSION: "3" }, { identity: { url: "https://keystone.example.org:5000/v3" } }],
  [{ OS_IMAGE_ENDPOINT_OVERRIDE: "http://[::1]:9292/v2/" }, { endpoint: "http://[::1]:9292" }],
])("%j counts", (more, access) => {
  const files = { "/home/me/ca.pem": "-----BEGIN CA-----" };
  expect(accessIn({ env: { ...RC, ...more }, files })).toMatchObject(access);
});

describe("what counts more", () => {
  const auth = { auth_url: "https://of.the.file", username: "of-the-file", password: "p4ss" };
  const file = { clouds: { prod: { auth, region_name: "A" } } };
  const other = { clouds: { ...file.clouds, other: { auth: { ...auth, username: "another" } } } };

  test("a cloud that the program or OS_CLOUD names beats all other variables", () => {
    const named = accessIn({ file: other, env: { ...RC, OS_REGION_NAME: "Z" }, wanted: { cloud: "prod" } });
    expect(named).toMatchObject({ region: "A", identity: { who: "user of-the-file (domain default)" } });
    const env = { ...RC, OS_CLOUD: "other", OS_CACERT: "/no/such" };
    expect(accessIn({ file: other, env })).toMatchObject({
      tls: {},
      identity: { who: "user another (domain default)" },
    });
  });

  test("OS_* beat clouds.yaml where nothing names a cloud, half of a login as well", () => {
    expect(accessIn({ file, env: RC }).identity?.who).toBe("user glance (domain default)");
    expect(refusal({ file, env: { OS_USERNAME: "glance", OS_PASSWORD: "p4ss" } })).toMatch(
      /OS_\* of the environment: there is no auth_url/,
    );
  });

  test("the only cloud is taken where the environment says nothing of a login", () => {
    expect(accessIn({ file, env: { OS_REGION_NAME: "A" } }).source).toMatch(/^cloud prod of/);
  });

  test("a login or an endpoint of the program beats both", () => {
    const wanted = { auth: { auth_url: "https://p", username: "u", password: "p4ss" } };
    const env = { ...RC, OS_CLOUD: "prod", OS_REGION_NAME: "Z" };
    expect(accessIn({ file, env, wanted })).toMatchObject({ source: "the program", region: undefined });
    expect(accessIn({ file, env, wanted: { endpoint: "http://g" } }).identity).toBeUndefined();
  });

  test('"envvars" as the cloud means the variables', () => {
    expect(accessIn({ file, env: { ...RC, OS_CLOUD: "envvars" } }).source).toBe("OS_* of the environment");
  });
});
