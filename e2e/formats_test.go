//go:build e2e

package e2e

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/fixtures"
)

// formats are those of the contract.
var formats = []string{"text", "json", "junit", "tap", "sarif", "markdown", "github", "html"}

// sample is a tree that reports are made of. Its overlays plant secrets.
type sample struct {
	name, machine, overlay string
	code                   int
	command                string
}

var samples = []sample{
	{"clean", "debian-12", "", 0, "check"},
	{"dirty", "ubuntu-24.04-dirty", `
-- root/.ssh/id_rsa mode=0600 --
{{private-key rsa}}
-- etc/shadow append --
extra:{{sha512-hash}}:20000:0:99999:7:::
-- root/.bash_history append --
export TOKEN={{token do}} {{token github}}
`, 1, "check"},
	{"erroring", "debian-12", `
-- etc/shadow removed --
-- etc/shadow dir --
-- root/.ssh/authorized_keys fifo --
`, 3, "check"},
	{"hostile", "ubuntu-24.04", `
-- "var/log/a\nb\x1b[31mred\\.log" --
{{token aws}}
-- "var/log/\xc3(\xff.log" --
x
-- "var/log/\u202egol.1" --
x
-- "var/log/<script>alert(1)<_script>\"onload=x.log" --
x
-- "var/log/@team #1 *b* %0A ::error:: ##[error] ]]> ` + "`x` ```" + ` &amp; https:.log" --
x
-- "root/.ssh/authorized_keys" --
{{ed25519-public "]]><script>alert(2)</script> ::error::@team}}
`, 1, "check"},
	{"cleaned", "ubuntu-24.04-dirty", `
-- root/.bash_history append --
export TOKEN={{token do}}
-- "home/deploy/<b>\x1b[1m.log" --
x
-- root/.ssh/id_rsa mode=0600 --
{{private-key rsa}}
`, 1, "clean"},
}

// reports runs the binary over a sample and returns the folder of its reports, one a
// format under the format's name, and the secrets that are in the tree.
func (s sample) reports(t *testing.T) (dir string, secrets []string) {
	t.Helper()
	layer, err := binary()
	require.NoError(t, err)
	var overlays []string
	if s.overlay != "" {
		overlays = append(overlays, s.overlay)
	}
	root := fixtures.Copy(t, s.machine, overlays...)
	dir = t.TempDir()
	args := []string{s.command, "--root", root, "--format", "text"}
	for _, f := range formats[1:] {
		args = append(args, "--output", f+"="+filepath.Join(dir, f))
	}
	c := exec.Command(filepath.Join(layer, programPath), args...)
	out, err := c.Output()
	var failure *exec.ExitError
	require.True(t, err == nil || errors.As(err, &failure), "%v", err)
	require.Equal(t, s.code, c.ProcessState.ExitCode(), "%s", out)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "text"), out, 0o600))
	return dir, fixtures.Planted(t, overlays...)
}

func eachSample(t *testing.T, test func(t *testing.T, s sample, dir string, secrets []string)) {
	for _, s := range samples {
		t.Run(s.name, func(t *testing.T) {
			dir, secrets := s.reports(t)
			test(t, s, dir, secrets)
		})
	}
}

func readFile(t *testing.T, parts ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(parts...))
	require.NoError(t, err)
	return string(data)
}

func TestFormatsHoldNoSecretAndNoControlCharacter(t *testing.T) {
	planted := 0
	eachSample(t, func(t *testing.T, _ sample, dir string, secrets []string) {
		planted += len(secrets)
		for _, f := range formats {
			text := readFile(t, dir, f)
			assert.True(t, utf8.ValidString(text), f)
			assert.Negative(t, strings.IndexFunc(text, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }), f)
			for _, secret := range secrets {
				assert.False(t, strings.Contains(text, secret), "%s holds a planted secret", f)
			}
		}
	})
	assert.Greater(t, planted, 4)
}

// What is converted on another machine is what the run has written.
func TestConvertedReportsAreTheSame(t *testing.T) {
	layer, err := binary()
	require.NoError(t, err)
	eachSample(t, func(t *testing.T, _ sample, dir string, _ []string) {
		for _, f := range formats {
			out, err := output("/", filepath.Join(layer, programPath), "convert", "--format", f, filepath.Join(dir, "json"))
			require.NoError(t, err)
			assert.Equal(t, readFile(t, dir, f), out, f)
		}
	})
}

func TestJUnitFollowsTheSchema(t *testing.T) {
	eachSample(t, func(t *testing.T, s sample, dir string, _ []string) {
		assert.NoError(t, command(".", "xmllint", "--noout", "--nonet", "--schema", "testdata/junit.xsd", filepath.Join(dir, "junit")))
		failed, err := output(dir, "xmllint", "--xpath", "string(/testsuites/@failures + /testsuites/@errors)", "junit")
		require.NoError(t, err)
		assert.Equal(t, s.code != 0, strings.TrimSpace(failed) != "0")
	})
}

// sarifSchema is the schema of the standard, which one of the linters brings along.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	const module = "github.com/securego/gosec/v2"
	require.NoError(t, command("../tools", "go", "mod", "download", module))
	dir, err := output("../tools", "go", "list", "-m", "-f", "{{.Dir}}", module)
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile(filepath.Join(strings.TrimSpace(dir), "report/sarif/testdata/sarif-schema-2.1.0.json"))
	require.NoError(t, err)
	return schema
}

func TestJSONAndSARIFFollowTheirSchemas(t *testing.T) {
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	ours, err := compiler.Compile("../docs/report.schema.json")
	require.NoError(t, err)
	schemas := map[string]*jsonschema.Schema{"json": ours, "sarif": sarifSchema(t)}
	eachSample(t, func(t *testing.T, _ sample, dir string, _ []string) {
		for f, schema := range schemas {
			document, err := jsonschema.UnmarshalJSON(strings.NewReader(readFile(t, dir, f)))
			require.NoError(t, err)
			assert.NoError(t, schema.Validate(document), f)
		}
	})
}

// proved runs perl's harness over a TAP stream.
func proved(t *testing.T, text string) error {
	t.Helper()
	version, err := output("/", "perl", "-MTAP::Parser", "-e", "print TAP::Parser->VERSION")
	require.NoError(t, err)
	known, err := strconv.ParseFloat(version, 64)
	require.NoError(t, err)
	if known < 3.48 { // which was the first to read version 14
		text = strings.Replace(text, "TAP version 14", "TAP version 13", 1)
	}
	file := filepath.Join(t.TempDir(), "report.tap")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return command("/", "prove", "--source=RawTAP", file)
}

func TestTAPIsProved(t *testing.T) {
	eachSample(t, func(t *testing.T, s sample, dir string, _ []string) {
		text := readFile(t, dir, "tap")
		err := proved(t, text)
		assert.Equal(t, s.code == 0, err == nil, "%v", err)
		if err != nil {
			assert.NotContains(t, err.Error(), "Parse errors")
		}
		cut := text[:strings.LastIndex(text, "\n1..")+1]
		assert.ErrorContains(t, proved(t, cut), "No plan found", "a run that was cut off passes")
	})
}

// GitHub's own reader of Markdown finds nothing in names but text.
func TestMarkdownIsInert(t *testing.T) {
	eachSample(t, func(t *testing.T, s sample, dir string, _ []string) {
		out, err := output(dir, "cmark-gfm", "--unsafe", "-e", "autolink", "-e", "table", "-e", "strikethrough", "-e", "tagfilter", "markdown")
		require.NoError(t, err)
		for _, none := range []string{"<a ", "<img", "<script", "<table", "<em", "<del"} {
			assert.NotContains(t, out, none)
		}
		assert.Equal(t, strings.Count(out, "<details>"), strings.Count(out, "</details>"))
		assert.Equal(t, strings.Count(out, "<pre>"), strings.Count(out, "</pre>"))
		assert.Less(t, len(readFile(t, dir, "markdown")), 65_536)
		if s.name == "hostile" {
			assert.Contains(t, out, "@team")
		}
	})
}
