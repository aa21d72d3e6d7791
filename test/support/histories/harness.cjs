"use strict";
/**
 * Verbs that do nothing but tell that they were called: inside Pulumi's provider process (a line each to the file that HARNESS_LOG names) and
 * inside the model. What fails is said by the resource's own inputs.
 */
const { appendFileSync } = require("node:fs");

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const halfWay = (id, properties) =>
  Object.assign(new Error("half-way"), {
    id,
    properties: { ...properties, __failed: true },
    reasons: ["half-way"],
  });
const outputs = (inputs) => ({ ...inputs, made: `made ${inputs.value}` });
const idOf = (inputs) => `${inputs.__owner}@${inputs.host}`;
const isShown = (key) => !key.startsWith("__");

const verbsThatTell = (tell) => ({
  async check(_olds, news) {
    tell("check", news);
    const failures = news.fails === "check" ? [{ property: "", reason: "bad" }] : [];
    return { inputs: news, failures };
  },
  async diff(_id, olds, news) {
    tell("diff", news);
    const changed = Object.keys(news).filter((key) => isShown(key) && news[key] !== olds[key]);
    if (changed.length === 0) return { changes: "__failed" in olds };
    return { replaces: changed.includes("host") && news.host !== UNKNOWN ? ["host"] : [] };
  },
  async create(inputs) {
    tell("create", inputs);
    if (inputs.fails === "create") throw new Error("no create");
    if (inputs.fails === "half") throw halfWay(idOf(inputs), outputs(inputs));
    return { id: idOf(inputs), outs: outputs(inputs) };
  },
  async update(id, _olds, news) {
    tell("update", news);
    if (news.fails === "update") throw new Error("no update");
    if (news.fails === "half") throw halfWay(id, outputs(news));
    return { outs: outputs(news) };
  },
  async read(id, props) {
    tell("read", props);
    if (props.fails === "read") throw new Error("no read");
    if (props.fails === "gone") return {};
    const inputs = Object.fromEntries(
      Object.entries(props).filter(([key]) => key !== "made" && key !== "__failed"),
    );
    return { id, props, inputs };
  },
  async delete(_id, props) {
    tell("delete", props);
    if (props.fails === "delete") throw new Error("no delete");
  },
});

exports.verbsThatTell = verbsThatTell;
exports.provider = () =>
  verbsThatTell((verb, props) => appendFileSync(process.env.HARNESS_LOG, `${verb} ${props.__owner}\n`));
