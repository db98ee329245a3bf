package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"imgcheck/fixtures"
	"imgcheck/report"
)

var (
	shellBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")
	yamlBlock  = regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$")
)

// wanted is what the shell blocks of a page have to bring about, in the words of
// testscript. Pages that are not here need only run.
var wanted = map[string]string{
	"formats.md": `
stdout -count=2 'exit code 1'
stdout '^Not publishable'
grep '<testsuites' report.xml
grep '^### imgcheck' report.md
grep '<!doctype html>' report.html
grep '^TAP version 13' report.13.tap
`,
	"plugins.md": `
stdout '^\[PASS\] x-no-demo-data: no demo data is left$'
stdout '^x-no-demo-data \(plugin\)$'
stdout '^no demo data is left$'
`,
	"config.md": `
stdout 'is valid. Waivers: 1, ended: 0.$'
stdout '^\[PASS\] mail-spool: 1 finding, which is waived$'
stdout 'waived until 2030-12-31: the app reads its first message'
stdout 'mail: 1 left alone'
`,
	"exit-codes.md": `
stdout -count=1 '^a check warns: 0$'
stdout -count=1 '^a check warns, with --strict: 1$'
stdout -count=1 '^a check fails: 1$'
stdout -count=1 '^no such tree: 2$'
stdout -count=1 '^a file that cannot be read: 3$'
stdout -count=1 '^and a check that fails beside it: 1$'
stdout -count=1 '^nobody could be asked: 2$'
stdout -count=1 '^a plan: 0$'
stdout -count=1 '^cleaned, and a check fails: 1$'
stdout -count=1 '^mended: 0$'
stdout -count=1 '^converted: 0$'
stdout -count=1 '^a report that is cut off: 2$'
stdout -count=1 '^no such list: 2$'
stdout -count=1 '^no such config file: 2$'
stdout -count=1 '^ended by SIGTERM: 143$'
`,
	"ci.md": `
stdout '^::error '
grep '<testsuites' report.xml
grep '"version": "2.1.0"' report.sarif
grep '<testsuites' build.xml
`,
	"README.md": `
grep '^stop writer.service$' log
exists report.json
`,
}

// droplet stands for what cannot be here. "imgcheck" without --root runs over the fake
// machine, as it would on a droplet; ssh runs here what is asked for there, and where it
// brings a terminal somebody says yes; scp wants a file that make would have built, or
// brings none; make wants the target; packer, which brings a report home, fab and mp-submit,
// which have tests of their own, are not called.
const droplet = `
-- tools/imgcheck --
#!/bin/sh
case " $* " in
*" --root "*|" convert "*|" list "*|" explain "*|" config "*|" version "*) exec "$PROGRAM" "$@" ;;
esac
exec fake "$@"
-- tools/ssh --
#!/bin/sh
yes=
while [ "$1" = -t ]; do yes=' --yes'; shift; done
[ "$1" = root@DROPLET ] || exit 255
shift
exec sh -c "$*$yes"
-- tools/scp --
#!/bin/sh
case "$1 $2" in
'bin/imgcheck root@DROPLET:/usr/local/bin/' | 'root@DROPLET:/run/report.json '*) exit ;;
esac
exit 1
-- tools/make --
#!/bin/sh
grep -q "^$1:" "$REPOSITORY/Makefile"
-- tools/sudo --
#!/bin/sh
exec "$@"
-- tools/packer --
#!/bin/sh
if [ -e report.json ]; then cp report.json report-ubuntu.json; fi
-- tools/fab --
#!/bin/sh
-- tools/mp-submit --
#!/bin/sh
-- machine/etc/os-release --
ID=debian
VERSION_ID="12"
`

// pages returns all pages for users, by their name without the folder.
func pages(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../../docs/*.md")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	texts := map[string]string{}
	for _, file := range append(files, "../../README.md", "../../CONTRIBUTING.md", "../../SECURITY.md") {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		texts[filepath.Base(file)] = string(text)
	}
	return texts
}

// TestDocumentedCommands runs the shell blocks of every page, in order and in one
// script, over a copy of a fixture in the place of /mnt/image.
func TestDocumentedCommands(t *testing.T) {
	repository, err := filepath.Abs("../..")
	require.NoError(t, err)
	all := pages(t)
	dir := t.TempDir()
	for name, text := range all {
		commands := commandsOf(t, text)
		if commands == "" {
			require.NotContains(t, wanted, name)
			continue
		}
		tree := "ubuntu-24.04-dirty"
		if name == "README.md" { // it shows what goes well
			tree = "ubuntu-24.04"
		}
		script := "env VENDOR=DigitalOcean\nexec sh -euc 'umask 022; chmod 0755 tools/*; PROGRAM=$(command -v imgcheck); export PROGRAM; PATH=$PWD/tools:$PATH; . ./commands.sh'\n" +
			wanted[name] + "-- commands.sh --\n" + strings.ReplaceAll(commands, "/mnt/image", fixtures.Copy(t, tree)) + droplet
		require.NoError(t, os.WriteFile(filepath.Join(dir, strings.TrimSuffix(name, ".md")+".txtar"), []byte(script), 0o600))
	}
	for name := range wanted {
		require.Contains(t, all, name)
	}
	testscript.Run(t, testscript.Params{Dir: dir, Setup: func(e *testscript.Env) error {
		e.Setenv("REPOSITORY", repository)
		e.Setenv("GITHUB_PATH", filepath.Join(e.WorkDir, "path"))
		return os.Chmod(e.WorkDir, 0o755) // plugins and config files are trusted there
	}})
}

// commandsOf returns what is in the shell blocks of a page, and what its pipelines run,
// which may end with 1: the tree is dirty.
func commandsOf(t *testing.T, text string) string {
	t.Helper()
	var commands strings.Builder
	for _, block := range shellBlock.FindAllStringSubmatch(text, -1) {
		commands.WriteString(block[1])
	}
	for _, block := range yamlBlock.FindAllStringSubmatch(text, -1) {
		var file yaml.Node
		require.NoError(t, yaml.Unmarshal([]byte(block[1]), &file), block[1])
		for _, command := range runs(&file, false) {
			commands.WriteString(command + " || [ $? = 1 ]\n")
		}
	}
	return commands.String()
}

// runs returns the scalars below the keys of GitHub and GitLab that hold commands.
func runs(n *yaml.Node, below bool) (commands []string) {
	for i, child := range n.Content {
		under := below || n.Kind == yaml.MappingNode && i%2 == 1 && slices.Contains([]string{"run", "script", "after_script"}, n.Content[i-1].Value)
		if child.Kind == yaml.ScalarNode && under {
			commands = append(commands, child.Value)
		}
		commands = append(commands, runs(child, under)...)
	}
	return commands
}

// TestTroubleshooting: the messages that have a section are messages of the program.
func TestTroubleshooting(t *testing.T) {
	var source strings.Builder
	for _, folder := range []string{"check", "clean", "distro", "report", "internal/host", "internal/cli"} {
		files, err := filepath.Glob("../../" + folder + "/*.go")
		require.NoError(t, err)
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				text, err := os.ReadFile(file)
				require.NoError(t, err)
				source.Write(text)
			}
		}
	}
	heading := regexp.MustCompile("(?m)^### .*$")
	message := regexp.MustCompile("`([^`]+)`")
	notOurs := []string{"cannot execute binary file", "Exec format error", "Permission denied"} // the shell's
	seen := 0
	for _, line := range heading.FindAllString(pages(t)["troubleshooting.md"], -1) {
		for _, m := range message.FindAllStringSubmatch(line, -1) {
			seen++
			text, _, _ := strings.Cut(m[1], ": host-keys") // what is not run depends on the image
			assert.True(t, slices.Contains(notOurs, text) || strings.Contains(source.String(), text), m[1])
		}
	}
	assert.Greater(t, seen, 15)
}

func TestDocumentsTellOfEveryFormat(t *testing.T) {
	text := pages(t)["formats.md"]
	for _, format := range report.Formats() {
		assert.Contains(t, text, "| `"+format+"` |")
	}
}
