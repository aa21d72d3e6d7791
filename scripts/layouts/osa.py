"""Names that a role of OpenStack-Ansible and its template use, and that neither the role nor the variables given say: a deployment says them elsewhere."""
import json, re, sys
import yaml

role, template, given = sys.argv[1:]
said = {}
for part in ("defaults", "vars"):
    with open("%s/%s/main.yml" % (role, part)) as file:
        said.update(yaml.safe_load(file) or {})
with open(given) as file:
    said.update(json.load(file))

NAME = re.compile(r"(?<![\w.'\"])([a-z_][a-z0-9_]*_[a-z0-9_]+)(?![\w(='\"])")
OPTIONAL = re.compile(r"\s*(\|\s*default|is (not )?defined)")
seen, wanted = {"group_names"}, set()
with open(template) as file:
    texts = [file.read()]
while texts:
    for block in re.findall(r"\{[{%](.*?)[%}]\}", texts.pop(), re.S):
        block = re.sub(r"'[^']*'|\"[^\"]*\"", "''", block)
        for found in NAME.finditer(block):
            name = found.group(1)
            if name in seen:
                continue
            seen.add(name)
            if name in said:
                value = said[name]
                texts.append(value if isinstance(value, str) else json.dumps(value))
            elif not OPTIONAL.match(block, found.end()) and not re.search(r"\|\s*$", block[: found.start()]) and not name.startswith("ansible_"):
                wanted.add(name)
print(json.dumps({name: "x-" + name.replace("_", "-") for name in wanted}))
