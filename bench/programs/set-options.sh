# set_options FILE SECTION NAME VALUE [NAME VALUE]…: sets options in one section of an ini file, as a careful person's script does: a line
# that is there is changed in place, else a new one comes after the header; the file is replaced only when it differs. DRY=1 says it only.
set_options() {
  file=$1 section=$2; shift 2
  pairs=; while [ $# -gt 0 ]; do pairs="$pairs$1=$2
"; shift 2; done
  new=$(mktemp "$file.XXXXXX")
  SECTION=$section PAIRS=$pairs awk '
    BEGIN {
      n = split(ENVIRON["PAIRS"], lines, "\n")
      for (i = 1; i < n; i++) { at = index(lines[i], "="); key[i] = substr(lines[i], 1, at - 1); value[key[i]] = substr(lines[i], at + 1) }
      header = "[" ENVIRON["SECTION"] "]"
    }
    function rest(  i) { for (i = 1; i < n; i++) if (!(key[i] in done)) { print key[i] " = " value[key[i]]; done[key[i]] = 1 } }
    FNR == NR { if ($0 ~ /^\[/) inside = ($0 == header); if (inside) { split($0, p, /[ \t]*=/); if (p[1] in value) there[p[1]] = 1 }; next }
    $0 ~ /^\[/ { inside = ($0 == header); print; if (inside && !seen++) for (i = 1; i < n; i++) if (!(key[i] in there)) { print key[i] " = " value[key[i]]; done[key[i]] = 1 }; next }
    inside { split($0, p, /[ \t]*=/); if (p[1] in value) { print p[1] " = " value[p[1]]; done[p[1]] = 1; next } }
    { print }
    END { if (!seen) { print header; rest() } }
  ' "$file" "$file" >"$new"
  if cmp -s "$file" "$new"; then rm "$new"; return; fi
  echo "changed $file [$section]"
  if [ -n "$DRY" ]; then rm "$new"; return; fi
  chown --reference="$file" "$new"; chmod --reference="$file" "$new"; mv "$new" "$file"
}
