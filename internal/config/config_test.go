package config

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const whole = `version: 1
skip: [disk-size, "logs/*"]
limits: {log-bytes: 100, history-bytes: 1, disk-gib: 50}
accounts: {allow: [centos, app_1]}
waivers:
  - check: log-files
    path: /var/log/app/**
    reason: demo data shipped on purpose
    expires: 2027-03-01
  - {check: x-rule, reason: "5", expires: "2027-03-01"}
clean: {skip: [mail], also: [root-password], keep: ["/srv/**"], zero-fill: off}
plugins: ./checks.d
`

func TestParse(t *testing.T) {
	f, err := Parse("c.yaml", []byte(whole))
	require.NoError(t, err)
	assert.Equal(t, &File{
		Name:     "c.yaml",
		Skip:     []Name{{"disk-size", 2}, {"logs/*", 2}},
		Limits:   Limits{LogBytes: 100, HistoryBytes: 1, DiskGiB: 50},
		Accounts: Accounts{Allow: []Name{{"centos", 4}, {"app_1", 4}}},
		Waivers: []*Waiver{
			{Check: Name{"log-files", 6}, Path: "/var/log/app/**", Reason: "demo data shipped on purpose", Expires: "2027-03-01", Line: 6},
			{Check: Name{"x-rule", 10}, Reason: "5", Expires: "2027-03-01", Line: 10},
		},
		Clean: Clean{
			Skip: []Name{{"mail", 11}}, Also: []Name{{"root-password", 11}}, Keep: []Name{{"/srv/**", 11}}, ZeroFill: "off",
		},
		Plugins: Name{"./checks.d", 12},
	}, f)
}

// waiverOf is a file with one waiver of those lines.
func waiverOf(lines string) string {
	return "version: 1\nwaivers:\n  - " + strings.ReplaceAll(lines, "\n", "\n    ") + "\n"
}

// TestMistakes: each has its line, what is wrong, and what to write instead.
func TestMistakes(t *testing.T) {
	for name, row := range map[string]struct{ text, want string }{
		"nothing":                 {"", `1: is empty: begin it with "version: 1"`},
		"comments":                {"# a\n# b\n", `1: is empty: begin it with "version: 1"`},
		"an empty document":       {"---\n...\n", `2: is empty: give it a value, or take it out`},
		"no version":              {"skip: [a]\n", `1: has no version: begin it with "version: 1"`},
		"another version":         {"version: 2\n", `1: version 2 is not known: this imgcheck reads version 1`},
		"a version in quotes":     {"version: \"1\"\n", `1: version must be a whole number, not text`},
		"a version with a point":  {"version: 1.0\n", `1: version must be a whole number, not a number`},
		"a list":                  {"- version: 1\n", `1: the file must be keys and values (version, skip, limits, accounts, waivers, clean, plugins), not a list`},
		"text":                    {"version 1\n", `1: the file must be keys and values (version, skip, limits, accounts, waivers, clean, plugins), not text`},
		"an unknown key":          {"version: 1\n\nwaiver: []\n", `3: unknown key "waiver": write "waivers"`},
		"a key like none":         {"version: 1\nverbose: true\n", `2: unknown key "verbose": there are version, skip, limits, accounts, waivers, clean, plugins`},
		"a key that is a list":    {"version: 1\n[a]: true\n", `2: unknown key: there are version, skip, limits, accounts, waivers, clean, plugins`},
		"a key within":            {"version: 1\nlimits:\n  log_bytes: 5\n", `3: unknown key: write "log-bytes"`},
		"a key twice":             {"version: 1\nskip: [a]\nskip: [b]\n", `3: the key skip stands here twice: take one out`},
		"the version twice":       {"version: 1\nversion: 1\n", `2: the key version stands here twice: take one out`},
		"an alias":                {"version: 1\nskip: &a [b]\nclean: {skip: *a}\n", "2: has an anchor (&): take it out\nc.yaml:3: has an alias (*): write the value out"},
		"an alias to nothing":     {"version: 1\nskip: *a\n", `1: is not YAML around here: look at its indentation, colons and quotes`},
		"a merge":                 {"version: 1\nclean:\n  <<: {skip: [a]}\n", `3: unknown key: there are skip, also, keep, zero-fill`},
		"a tag":                   {"version: 1\nskip: !!seq [a]\n", `2: has a tag (!): take it out`},
		"a tag of its own":        {"version: !x 1\n", `1: has a tag (!): take it out`},
		"a second document":       {"version: 1\n---\nversion: 1\n", `2: begins a second document: take the --- out`},
		"a broken second one":     {"version: 1\n---\n[\n", `3: is not YAML around here: did not find expected node content`},
		"a bracket":               {"version: 1\nskip: [a\n", `1: is not YAML around here: did not find expected ',' or ']'`},
		"a tab":                   {"version: 1\nclean:\n\tskip: []\n", `3: is not YAML around here: found character that cannot start any token`},
		"two colons":              {"version: 1\nplugins: a: b\n", `2: is not YAML around here: mapping values are not allowed in this context`},
		"a value that is empty":   {"version: 1\nskip:\nplugins: a\n", `2: is empty: give it a value, or take it out`},
		"text for a list":         {"version: 1\nskip: disk-size\n", `2: the check ids must be a list, not text: write [A, B], or a line with "- " for each`},
		"keys for a list":         {"version: 1\nclean: {skip: {a: b}}\n", `2: the step ids must be a list, not keys and values: write [A, B], or a line with "- " for each`},
		"a number for an id":      {"version: 1\nskip:\n  - a\n  - 5\n", `4: must be text, not a number: put it in quotes`},
		"true for an id":          {"version: 1\nskip: [true]\n", `2: must be text, not true or false: put it in quotes`},
		"a list for an id":        {"version: 1\nskip: [[a]]\n", `2: must be text, not a list`},
		"no id":                   {"version: 1\nskip: [Disk Size]\n", `2: is no id: ids are small letters, digits and hyphens`},
		"no number":               {"version: 1\nlimits: {log-bytes: many}\n", `2: log-bytes must be a whole number, not text`},
		"a limit of 0":            {"version: 1\nlimits: {log-bytes: 0}\n", `2: log-bytes must be from 1 to 1073741824, in plain digits`},
		"a limit below 0":         {"version: 1\nlimits: {history-bytes: -1}\n", `2: history-bytes must be from 1 to 1073741824, in plain digits`},
		"a limit of a unit":       {"version: 1\nlimits: {disk-gib: 25G}\n", `2: disk-gib must be a whole number, not text`},
		"a huge limit":            {"version: 1\nlimits: {disk-gib: 16385}\n", `2: disk-gib must be from 1 to 16384, in plain digits`},
		"a hexadecimal limit":     {"version: 1\nlimits: {disk-gib: 0x10}\n", `2: disk-gib must be from 1 to 16384, in plain digits`},
		"an octal limit":          {"version: 1\nlimits: {disk-gib: 010}\n", `2: disk-gib must be from 1 to 16384, in plain digits`},
		"root as a user":          {"version: 1\naccounts: {allow: [root]}\n", `2: root is no user: the check root-password judges it, and can be waived`},
		"no user":                 {"version: 1\naccounts: {allow: [\"a:b\"]}\n", `2: is no user name`},
		"a waiver without check":  {waiverOf("reason: a\nexpires: 2027-03-01"), `3: the waiver has no check: add check: log-files`},
		"a waiver without reason": {waiverOf("check: a\nexpires: 2027-03-01"), `3: the waiver has no reason: add reason: demo data shipped on purpose`},
		"a waiver without end":    {waiverOf("check: a\nreason: b"), `3: the waiver has no expires: add expires: 2027-03-01, the last day on which it holds`},
		"a waiver that is text":   {"version: 1\nwaivers: [log-files]\n", `2: a waiver must be keys and values (check, path, reason, expires), not text`},
		"an empty reason":         {waiverOf("check: a\nreason: \" \"\nexpires: 2027-03-01"), `4: the reason is empty: say why it is accepted`},
		"a long reason":           {waiverOf("check: a\nreason: " + strings.Repeat("a", 301) + "\nexpires: 2027-03-01"), `4: the reason is longer than 300 bytes`},
		"lines of reason":         {waiverOf("check: a\nreason: \"a\\nb\"\nexpires: 2027-03-01"), `4: the reason must be one line`},
		"an escape in a reason":   {waiverOf("check: a\nreason: \"a\\e[31m\"\nexpires: 2027-03-01"), `4: the reason must be one line`},
		"a day of no month":       {waiverOf("check: a\nreason: b\nexpires: 2027-02-30"), `5: expires must be a day as YYYY-MM-DD, such as 2027-03-01`},
		"a day as people write":   {waiverOf("check: a\nreason: b\nexpires: 1.3.2027"), `5: expires must be a day as YYYY-MM-DD, such as 2027-03-01`},
		"a time":                  {waiverOf("check: a\nreason: b\nexpires: 2027-03-01T00:00:00Z"), `5: expires must be a day as YYYY-MM-DD, such as 2027-03-01`},
		"a path that is relative": {waiverOf("check: a\npath: var/log\nreason: b\nexpires: 2027-03-01"), `4: a path must be absolute: begin it with /`},
		"a glob that is broken":   {waiverOf("check: a\npath: /var/[log\nreason: b\nexpires: 2027-03-01"), `4: the glob has a [ that is not closed, or ends in a backslash`},
		"a waiver twice": {
			waiverOf("{check: a, reason: b, expires: 2027-03-01}") + "  - {check: a, reason: c, expires: 2027-03-02}\n",
			`4: the same waiver stands in line 3: take one out`,
		},
		"a step in and out":     {"version: 1\nclean:\n  skip: [swap]\n  also: [swap]\n", `4: the step "swap" is under clean.skip as well: take one out`},
		"what to keep":          {"version: 1\nclean: {keep: [srv]}\n", `2: a path must be absolute: begin it with /`},
		"no way to fill":        {"version: 1\nclean: {zero-fill: on}\n", `2: zero-fill must be fill, trim, off`},
		"no folder":             {"version: 1\nplugins: \"\"\n", `2: plugins must name a folder, or be taken out`},
		"a list of folders":     {"version: 1\nplugins: [a]\n", `2: must be text, not a list`},
		"two mistakes in order": {"version: 1\nclean: {zap: 1}\nskip: 5\n", "2: unknown key \"zap\": there are skip, also, keep, zero-fill\nc.yaml:3: the check ids must be a list, not a number: write [A, B], or a line with \"- \" for each"},
		"too large":             {"version: 1\n#" + strings.Repeat("a", Bound), `1: is larger than 256 KiB`},
		"what is not text":      {"version: 1\nplugins: \x00\n", `1: is not YAML around here: control characters are not allowed`},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := Parse("c.yaml", []byte(row.text))
			assert.Nil(t, f)
			require.EqualError(t, err, "c.yaml:"+row.want)
			var mistakes Mistakes
			assert.True(t, errors.As(err, &mistakes))
		})
	}
}

// TestMistakesQuoteNoSecrets: whoever names another file by mistake finds nothing of it in
// a log.
func TestMistakesQuoteNoSecrets(t *testing.T) {
	for _, text := range []string{
		"password: S3cr3tS3cr3t\n", "S3cr3tS3cr3t: x\n", "root:$6$S3cr3tS3cr3t:1:0:99999:7:::\n", "version: S3cr3tS3cr3t\n",
		"- S3cr3tS3cr3t\n", "version: 1\nskip: [S3cr3tS3cr3t]\n", "a: *S3cr3tS3cr3t\n", "a: !S3cr3tS3cr3t b\n", "%S3cr3tS3cr3t\n", "version: 1\na0123456789abcdef0123456789S3cr3t: 1\n",
		"\"S3cr3tS3cr3t\n", "version: 1\nlimits: {log-bytes: S3cr3tS3cr3t}\n", "!<S3cr3tS3cr3t> a\n", "version: 1\nclean: {zero-fill: S3cr3tS3cr3t}\n",
	} {
		_, err := Parse("c.yaml", []byte(text))
		require.Error(t, err, text)
		assert.NotContains(t, err.Error(), "S3cr3t")
	}
}

// TestTemplate: it says nothing as it is, and with all of its lines it is valid too.
func TestTemplate(t *testing.T) {
	f, err := Parse("t", []byte(Template))
	require.NoError(t, err)
	assert.Equal(t, &File{Name: "t"}, f)
	f, err = Parse("t", regexp.MustCompile(`(?m)^#(  |[a-z])`).ReplaceAll([]byte(Template), []byte("$1")))
	require.NoError(t, err)
	assert.NotEmpty(t, f.Skip)
	assert.NotEmpty(t, f.Accounts.Allow)
	assert.NotEmpty(t, f.Waivers)
	assert.NotEmpty(t, f.Clean.Keep)
	assert.NotEmpty(t, f.Plugins)
	assert.Equal(t, Limits{50, 200, 25}, f.Limits)
}

func TestNearest(t *testing.T) {
	known := []string{"log-files", "log-archives", "motd", "swap"}
	for word, want := range map[string]string{
		"log-file": "log-files", "logfiles": "log-files", "log-flies": "log-files", "mtod": "", "moto": "motd", "log-arch": "log-archives",
		"firewall": "", "x": "", "": "", "SWAP": "swap",
	} {
		assert.Equal(t, want, Nearest(word, known), word)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte(Template))
	for _, text := range []string{"", "---\n---\n", "version: 1\nskip: [a", "a: &b *b", "? [a]\n: b", "version: 1\nwaivers: [{expires: 2027-03-01}]", "\xff\xfe"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Parse("c.yaml", data)
		if err != nil {
			var mistakes Mistakes
			require.True(t, errors.As(err, &mistakes))
			require.NotEmpty(t, mistakes)
			for _, m := range mistakes {
				require.Positive(t, m.Line)
				require.True(t, utf8.ValidString(m.Reason))
				require.NotContains(t, m.Reason, "\n")
			}
			return
		}
		for _, w := range file.Waivers {
			require.NotEmpty(t, w.Check.Text)
			require.NotEmpty(t, w.Reason)
			require.Regexp(t, `^\d{4}-\d\d-\d\d$`, w.Expires)
		}
	})
}
