package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/internal/manual"
)

// completed returns what a shell is offered for the last word, without descriptions,
// and the directive.
func completed(t *testing.T, args ...string) (words []string, directive string) {
	t.Helper()
	got := runReal(t, append([]string{"__completeNoDesc"}, args...)...)
	assert.Zero(t, got.code, got.stderr)
	lines := strings.Split(strings.TrimSpace(got.stdout), "\n")
	typed := args[len(args)-1]
	if flag, value, found := strings.Cut(typed, "="); found && strings.HasPrefix(flag, "-") {
		typed = value
	}
	for _, word := range lines[:len(lines)-1] {
		if strings.HasPrefix(word, typed) {
			words = append(words, word) // a shell passes over the others
		}
	}
	return words, lines[len(lines)-1]
}

func TestCompletion(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"report.json", "report with space.html", ".hidden", "a\tb"} {
		require.NoError(t, os.WriteFile(name, nil, 0o600))
	}
	require.NoError(t, os.Mkdir("reports", 0o700))
	plugins := putPlugin(t, pluginFolder(t), "rule.sh", "exit 0")
	for _, row := range []struct {
		line      string
		want      []string
		directive string
	}{
		{"explain ssh-h", []string{"ssh-host-keys"}, ":4"},
		{"explain cloud-init-s", []string{"cloud-init-state", "cloud-init-semaphores"}, ":4"},
		{"explain ssh-keys ", nil, ":4"},
		{"explain --plugins " + plugins + " x-", []string{"x-rule"}, ":4"},
		{"list ", []string{"checks", "steps", "releases"}, ":4"},
		{"list checks ", nil, ":4"},
		{"list --format m", []string{"markdown"}, ":4"},
		{"--only os-e", []string{"os-eol"}, ":4"},
		{"--only ssh/", []string{"ssh/*"}, ":4"},
		{"check --only os-eol,firew", []string{"os-eol,firewall"}, ":4"},
		{"check --skip os-eol,os-e", nil, ":4"},
		{"check --skip=firewall,os-e", []string{"firewall,os-eol"}, ":4"},
		{"check --plugins " + plugins + " --only x-", []string{"x-rule"}, ":4"},
		{"clean --also ssh-keys,zero", []string{"ssh-keys,zero-fill"}, ":4"},
		{"clean --skip os-", nil, ":4"},
		{"clean --zero-fill ", []string{"fill", "trim", "off"}, ":4"},
		{"check --color a", []string{"auto", "always"}, ":4"},
		{"check --format j", []string{"json", "junit"}, ":4"},
		{"check --output j", []string{"json=", "junit="}, ":6"},
		{"check --output json=rep", []string{"json=report with space.html", "json=report.json", "json=reports/"}, ":6"},
		{"check --output json=./report.", []string{"json=./report.json"}, ":4"},
		{"check --output json=.h", []string{"json=.hidden"}, ":4"},
		{"check --output json=nowhere/", nil, ":4"},
		{"convert --format ht", []string{"html"}, ":4"},
		{"convert ", nil, ":0"}, // files
		{"convert report.json ", nil, ":4"},
		{"check --config ", nil, ":0"},
		{"config ", []string{"check", "init"}, ":4"},
		{"config check ", nil, ":0"},
		{"config check a.yaml ", nil, ":4"},
		{"check --root ", nil, ":16"}, // folders
		{"check re", nil, ":4"},
		{"version --format ", []string{"text", "json"}, ":4"},
	} {
		words, directive := completed(t, strings.Split(row.line, " ")...)
		assert.ElementsMatch(t, row.want, words, row.line)
		assert.Equal(t, row.directive, directive, row.line)
	}
}

// TestEveryValueIsCompleted, by words, folders or files; by nothing is a decision too.
func TestEveryValueIsCompleted(t *testing.T) {
	files := []string{"config"}
	for _, c := range manual.Commands(tree()) {
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			_, found := c.GetFlagCompletionFunc(f.Name)
			if !found && f.Value.Type() != "bool" {
				assert.Contains(t, files, f.Name, "%s --%s", c.CommandPath(), f.Name)
			}
		})
	}
}

func TestNamesWithinFolders(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "in"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "in", "b.json"), nil, 0o600))
	require.NoError(t, os.Symlink("in", filepath.Join(dir, "inner")))
	words, _ := completed(t, "check", "--output", "json="+dir+"/in")
	assert.Equal(t, []string{"json=" + dir + "/in/", "json=" + dir + "/inner/"}, words)
	words, _ = completed(t, "check", "--output", "json="+dir+"/in/")
	assert.Equal(t, []string{"json=" + dir + "/in/b.json"}, words)
}
