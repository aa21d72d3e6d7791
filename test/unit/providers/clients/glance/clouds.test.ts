/** clouds.yaml and its like, as OpenStack's client reads them. */
import { describe, expect, test } from "@jest/globals";
import { accessIn, CLOUDS, refusal } from "../../../../support/clouds-site";

const LOGIN = `
      auth_url: https://keystone.example.org:5000
      username: glance
      password: open sesame
      project_name: images`;

const prod = (more = "", login = LOGIN): string => `clouds:\n  prod:\n    auth:${login}\n${more}`;

/** The user that is sent to Keystone, and for what. */
const sent = (access: ReturnType<typeof accessIn>): unknown => access.identity?.body["auth"];

describe("a value", () => {
  test.each(["null", "~", "", "NULL", "''"])("%j counts as not given", (nothing) => {
    const file = prod(`    region_name: ${nothing}\n    interface: ${nothing}\n    cacert: ${nothing}\n`);
    expect(accessIn({ file })).toMatchObject({ region: undefined, interface: "public", tls: {} });
    const bare = LOGIN.replace("open sesame", nothing);
    expect(refusal({ file: prod("", bare) })).toMatch(/cloud prod of .*: there is no password/);
  });

  test("that is quoted is text even where it reads null", () => {
    const login = LOGIN.replace("open sesame", '"null"');
    expect(JSON.stringify(sent(accessIn({ file: prod("", login) })))).toContain('"password":"null"');
  });

  test.each(["0123", "1e3", "yes", "2026-01-01", "0x1F", "1_000"])("%s as a password is the text", (text) => {
    const login = LOGIN.replace("open sesame", text);
    expect(JSON.stringify(sent(accessIn({ file: prod("", login) })))).toContain(`"password":"${text}"`);
  });

  test.each([
    ["verify: false", true],
    ["verify: no", true],
    ["verify: False", true],
    ["insecure: true", true],
    ["verify: true", undefined],
    ["insecure: false", undefined],
  ])("%s: any certificate is taken: %p", (line, insecure) => {
    expect(accessIn({ file: prod(`    ${line}\n`) }).tls.insecure).toBe(insecure);
  });

  test("an explicit `insecure: false` of the program counts more than `verify: false`", () => {
    const file = prod("    verify: false\n");
    expect(accessIn({ file, wanted: { insecure: false } }).tls.insecure).toBeUndefined();
  });

  test("of an anchor, and what is merged in by <<, counts as if it stood there", () => {
    const file = `
common: &login
  auth_url: https://keystone.example.org:5000
  username: glance
  password: &word open sesame
clouds:
  prod:
    auth: {<<: *login, username: storage, project_name: images}
  other:
    auth: {auth_url: "https://other", username: x, password: *word}`;
    const [one, two] = ["prod", "other"].map((cloud) => accessIn({ file, wanted: { cloud } }));
    expect(one?.identity?.who).toBe("user storage (domain default)");
    expect(two?.identity?.secrets).toEqual(["open sesame"]);
  });

  test("is found beside `auth`, too, and by a name with dashes", () => {
    const file = `clouds: {prod: {auth: {auth-url: "https://k"}, username: glance, password: p4ss, region-name: A}}`;
    expect(accessIn({ file })).toMatchObject({ region: "A", identity: { url: "https://k/v3" } });
  });
});

describe("files", () => {
  test("secure.yaml brings the password, over what clouds.yaml says", () => {
    const files = { "/etc/openstack/secure.yaml": "clouds: {prod: {auth: {password: from secure}}}" };
    expect(accessIn({ file: prod(), files }).identity?.secrets).toEqual(["from secure"]);
    const own = { "/home/me/s.yaml": "clouds: {prod: {auth: {password: mine}}}" };
    const env = { OS_CLIENT_SECURE_FILE: "~/s.yaml" };
    expect(accessIn({ file: prod(), env, files: { ...files, ...own } }).identity?.secrets).toEqual(["mine"]);
    const empty = { "/etc/openstack/secure.yaml": "clouds: {prod: {auth: {password: ~}}}" };
    expect(accessIn({ file: prod(), files: empty }).identity?.secrets).toEqual(["open sesame"]);
  });

  test("the program's directory comes before ~/.config and /etc; OS_CLIENT_CONFIG_FILE before all; an empty XDG_CONFIG_HOME is none", () => {
    const of = (name: string) => prod("", LOGIN.replace("glance", name));
    const files: Record<string, string> = {
      "/me/clouds.yaml": of("named"),
      "/program/clouds.yml": of("program"),
      "/home/me/.config/openstack/clouds.yaml": of("home"),
      [CLOUDS]: of("etc"),
    };
    const who = (env = {}) => accessIn({ env, files: { ...files } }).identity?.who.split(" ")[1];
    expect(who({ OS_CLIENT_CONFIG_FILE: "/me/clouds.yaml" })).toBe("named");
    expect(who()).toBe("program");
    delete files["/program/clouds.yml"];
    expect(who({ XDG_CONFIG_HOME: "" })).toBe("home");
    delete files["/home/me/.config/openstack/clouds.yaml"];
    expect(who()).toBe("etc");
  });

  test("a profile is of clouds-public.yaml, or refused with the way out", () => {
    const file = `clouds: {prod: {profile: vexxhost, auth: {username: u, password: p4ss}}}`;
    expect(refusal({ file })).toMatch(
      /cloud prod of \/etc\/openstack\/clouds\.yaml has the profile "vexxhost".*\n.*Write auth_url and region_name.*openstack configuration show/,
    );
    const files = {
      "/etc/openstack/clouds-public.yaml":
        "public-clouds: {vexxhost: {auth: {auth_url: 'https://v'}, region_name: R}}",
    };
    expect(accessIn({ file, files })).toMatchObject({ region: "R", identity: { url: "https://v/v3" } });
    const login = `clouds: {prod: {profile: "https://me:hunter2@vendor.example.org"}}`;
    expect(refusal({ file: login })).toContain('"https://vendor.example.org"');
    expect(refusal({ file: login })).not.toMatch(/hunter2/);
  });

  test("a cloud that is not there is told with those that are; an empty one by what it lacks", () => {
    expect(refusal({ file: prod(), wanted: { cloud: "prdo" } })).toMatch(
      /has no cloud "prdo"; it has prod\n.*Did you mean prod/,
    );
    expect(refusal({ file: prod(), wanted: { cloud: "constructor" } })).toMatch(/has no cloud/);
    expect(refusal({ file: "clouds:\n  prod:\n" })).toMatch(/cloud prod of .*: there is no auth_url/);
    expect(refusal({ wanted: { cloud: "prod" } })).toMatch(/no clouds\.yaml for the cloud "prod"/);
    expect(refusal({ file: "clouds: {a: {}, b: {}}" })).toMatch(/nothing says which cloud/);
  });
});

describe("regions", () => {
  const LISTS = ["regions: [A, B]", "region_name: [A, B]", "region_name: A,B", "regions: [{name: A}, B]"];

  test.each(LISTS)("of `%s` the first is taken, or the one that is asked for; another is refused", (list) => {
    const file = prod(`    ${list}\n`);
    const region = (wanted = {}, env = {}) => accessIn({ file, wanted, env }).region;
    expect([region(), region({ region: "B" }), region({}, { OS_REGION_NAME: "B" })]).toEqual(["A", "B", "B"]);
    expect(region({ cloud: "prod" }, { OS_REGION_NAME: "B" })).toBe("A");
    expect(refusal({ file, wanted: { region: "C" } })).toMatch(/has no region "C"; it has A, B\n/);
  });

  test("what one of them says for itself counts in it only", () => {
    const file = prod("    interface: public\n    regions: [A, {name: B, values: {interface: internal}}]\n");
    expect(accessIn({ file }).interface).toBe("public");
    expect(accessIn({ file, wanted: { region: "B" } }).interface).toBe("internal");
  });

  test("where one stands the program may ask for another, a variable may not", () => {
    const file = prod("    region_name: A\n");
    expect(accessIn({ file, wanted: { region: "B" } }).region).toBe("B");
    expect(refusal({ file, env: { OS_CLOUD: "prod", OS_REGION_NAME: "B" } })).toMatch(
      /no region "B"; it has A/,
    );
  });

  test("where none stands OS_REGION_NAME says it", () => {
    expect(accessIn({ file: prod(), env: { OS_CLOUD: "prod", OS_REGION_NAME: "B" } }).region).toBe("B");
  });
});

describe("a login", () => {
  const of = (type: string, auth: object, more = {}) => ({
    file: { clouds: { prod: { auth_type: type, auth: { auth_url: "https://k", ...auth }, ...more } } },
  });

  test.each(["password", "v3password"])("by %s has its domains and its project", (type) => {
    const auth = { username: "u", password: "p4ss", user_domain_name: "D", project_name: "x" };
    expect(sent(accessIn(of(type, { ...auth, project_domain_id: "e" })))).toEqual({
      identity: {
        methods: ["password"],
        password: { user: { name: "u", domain: { name: "D" }, password: "p4ss" } },
      },
      scope: { project: { name: "x", domain: { id: "e" } } },
    });
  });

  test.each(["token", "v3token"])("by %s is one for a project", (type) => {
    expect(sent(accessIn(of(type, { token: "t0ken", project_id: "9" })))).toEqual({
      identity: { methods: ["token"], token: { id: "t0ken" } },
      scope: { project: { id: "9" } },
    });
  });

  test("by v3applicationcredential asks for no project; its name goes with a user", () => {
    const type = "v3applicationcredential";
    const secret = { application_credential_secret: "s3cret" };
    const byId = accessIn(of(type, { ...secret, application_credential_id: "1", project_name: "x" }));
    const how = { id: "1", secret: "s3cret" };
    expect(sent(byId)).toEqual({
      identity: { methods: ["application_credential"], application_credential: how },
    });
    const named = { ...secret, application_credential_name: "storage" };
    expect(refusal(of(type, named))).toMatch(/its id or its name with the user/);
    expect(accessIn(of(type, { ...named, user_id: "7" })).identity?.who).toBe(
      "application credential storage",
    );
  });

  test("of type none needs an endpoint, and may have it in `auth`", () => {
    expect(refusal({ file: { clouds: { prod: { auth_type: "none" } } } })).toMatch(
      /where the Image service is/,
    );
    const file = { clouds: { prod: { auth_type: "none", auth: { endpoint: "http://g:9292/v2" } } } };
    expect(accessIn({ file })).toMatchObject({ identity: undefined, endpoint: "http://g:9292" });
  });

  test.each(["v2password", "v3oidcpassword", "v3totp", "http_basic", "admin_token", "v3kerberos"])(
    "of type %s is refused by that name, with those that there are",
    (type) => {
      expect(refusal(of(type, { username: "u", password: "p4ss" }))).toMatch(
        new RegExp(
          `cloud prod of .*: auth_type "${type}" is not known here\n.*v3applicationcredential and none`,
        ),
      );
    },
  );

  test.each(["2", "2.0", 2, "v2.0"])("of Identity API %p is refused", (version) => {
    const more = { identity_api_version: version };
    expect(refusal(of("password", { username: "u", password: "p4ss" }, more))).toMatch(
      /identity_api_version is of Identity API v2\n.*Give v3/,
    );
    const now = { identity_api_version: 3 };
    expect(accessIn(of("password", { username: "u", password: "p4ss" }, now)).identity?.url).toBe(
      "https://k/v3",
    );
  });
});

test("certificates: ~ is the home, `verify` may name them, a file that is none or not there is named", () => {
  const pem = (of: string) => `-----BEGIN ${of}-----`;
  const files = {
    "/home/me/ca.pem": pem("CA"),
    "/me.pem": pem("ME"),
    "/me.key": pem("KEY"),
    "/no.pem": "hunter2",
  };
  const tls = (more: string) => accessIn({ file: prod(more), files }).tls;
  expect(tls("    cacert: ~/ca.pem\n    cert: /me.pem\n    key: /me.key\n")).toEqual({
    ca: pem("CA"),
    cert: pem("ME"),
    key: pem("KEY"),
  });
  expect(tls("    verify: /home/me/ca.pem\n")).toEqual({ ca: pem("CA") });
  expect(refusal({ file: prod("    cacert: /gone.pem\n") })).toMatch(/cacert: there is no file \/gone\.pem/);
  const none = refusal({ file: prod("    key: /no.pem\n"), files });
  expect(none).toMatch(/key: nothing in PEM is in \/no\.pem/);
  expect(none).not.toContain("hunter2");
});
