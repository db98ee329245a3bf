//go:build e2e

package e2e

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// typed are command lines that end in the middle of a word, and the last word that TAB
// makes of it.
var typed = []struct{ line, last string }{
	{"imgcheck cl", "clean"},
	{"imgcheck explain ssh-h", "ssh-host-keys"},
	{"imgcheck explain cloud-init-se", "cloud-init-semaphores"},
	{"imgcheck list rel", "releases"},
	{"imgcheck --only firew", "firewall"},
	{"imgcheck check --only os-eol,firew", "os-eol,firewall"},
	{`imgcheck check --only logs/\*,os-eol,firew`, "logs/*,os-eol,firewall"},
	{"imgcheck check --skip hist", "history/*"},
	{"imgcheck check --format sar", "sarif"},
	{"imgcheck check --color al", "always"},
	{"imgcheck check --output ht", "html="},
	{"imgcheck check --output json=rep", "json=report.json"},
	{"imgcheck check --output json=fold", "json=folder/"},
	{"imgcheck check --output json=folder/in", "json=folder/inner.json"},
	{"imgcheck check --output json=sp", "json=sp ace.json"},
	{"imgcheck clean --also ssh-keys,zero", "ssh-keys,zero-fill"},
	{"imgcheck clean --zero-fill tr", "trim"},
	{"imgcheck clean --root fold", "folder/"},
	{"imgcheck convert rep", "report.json"},
	{"mp-submit --manifest rep", "report.json"},
	{"mp-submit --dry", "--dry-run"},
}

// desk is a folder to type in, with programs that complete as ours do, and otherwise
// write their last argument to a file.
type desk struct{ dir, said string }

func newDesk(t *testing.T) desk {
	t.Helper()
	d := desk{dir: t.TempDir()}
	d.said = filepath.Join(d.dir, ".said")
	require.NoError(t, os.MkdirAll(filepath.Join(d.dir, "folder"), 0o755))
	require.NoError(t, os.MkdirAll(filepath.Join(d.dir, ".bin"), 0o755))
	for _, name := range []string{"report.json", "sp ace.json", "folder/inner.json"} {
		require.NoError(t, os.WriteFile(filepath.Join(d.dir, name), nil, 0o600))
	}
	for program, from := range map[string]string{"imgcheck": "..", "mp-submit": "../cmd/mp-submit"} {
		file := filepath.Join(d.dir, ".bin", "."+program)
		require.NoError(t, command(".", "go", "build", "-o", file, from))
		stub := "#!/bin/sh\ncase ${1-} in __complete*) exec '" + file + "' \"$@\" ;; esac\n" +
			"for last; do :; done\nprintf '%s\\n' \"$last\" >'" + d.said + ".new'\nmv '" + d.said + ".new' '" + d.said + "'\n"
		require.NoError(t, os.WriteFile(filepath.Join(d.dir, ".bin", program), []byte(stub), 0o755))
		for _, shell := range []string{"bash", "zsh", "fish"} {
			script, err := output(d.dir, file, "completion", shell)
			require.NoError(t, err)
			name := program + "." + shell
			if shell == "zsh" {
				name = "_" + program
			}
			require.NoError(t, os.WriteFile(filepath.Join(d.dir, ".bin", name), []byte(script), 0o600))
		}
	}
	return d
}

func (d desk) env() []string {
	return []string{"PATH=" + d.dir + "/.bin:/usr/bin:/bin", "HOME=" + d.dir, "ZDOTDIR=" + d.dir, "TERM=dumb", "LC_ALL=C.UTF-8"}
}

// keyboard is an interactive shell on a terminal.
type keyboard struct {
	master *os.File
	mu     sync.Mutex
	heard  time.Time
	shown  strings.Builder
}

// sit starts a shell on a terminal of its own, which ends with the test.
func (d desk) sit(t *testing.T, argv ...string) *keyboard {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	require.NoError(t, unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	require.NoError(t, err)
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	require.NoError(t, unix.IoctlSetWinsize(int(slave.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Col: 120, Row: 40}))
	shell := exec.Command(argv[0], argv[1:]...)
	shell.Dir, shell.Env = d.dir, d.env()
	shell.Stdin, shell.Stdout, shell.Stderr = slave, slave, slave
	shell.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	require.NoError(t, shell.Start())
	require.NoError(t, slave.Close())
	k := &keyboard{master: master}
	go k.watch()
	t.Cleanup(func() {
		_ = shell.Process.Kill()
		_ = shell.Wait()
		_ = master.Close()
		if t.Failed() {
			k.mu.Lock()
			defer k.mu.Unlock()
			t.Logf("the terminal showed %q", k.shown.String())
		}
	})
	return k
}

func (k *keyboard) watch() {
	buffer := make([]byte, 4096)
	for {
		n, err := k.master.Read(buffer)
		k.mu.Lock()
		k.heard = time.Now()
		k.shown.Write(buffer[:n])
		k.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// press types keys and waits until the shell has answered and fallen silent.
func (k *keyboard) press(t *testing.T, keys string) {
	t.Helper()
	const silence, patience = 300 * time.Millisecond, 3 * time.Second
	begin := time.Now()
	_, err := k.master.WriteString(keys)
	require.NoError(t, err)
	for time.Since(begin) < patience {
		time.Sleep(silence / 10)
		k.mu.Lock()
		heard := k.heard
		k.mu.Unlock()
		if heard.After(begin) && time.Since(heard) > silence {
			return
		}
	}
}

// lastWord types a line, TAB and Enter, and returns the last word that the program got.
func (d desk) lastWord(t *testing.T, k *keyboard, line string) string {
	t.Helper()
	require.NoError(t, errors.Join(os.RemoveAll(d.said)))
	k.press(t, line)
	k.press(t, "\t")
	k.press(t, "\n")
	var said []byte
	assert.Eventually(t, func() bool {
		var err error
		said, err = os.ReadFile(d.said)
		return err == nil
	}, 20*time.Second, 50*time.Millisecond, "%s: the program was not run", line)
	return strings.TrimSuffix(string(said), "\n")
}

// TestCompletionInBash types into a real bash with the package bash-completion.
func TestCompletionInBash(t *testing.T) {
	d := newDesk(t)
	require.NoError(t, os.WriteFile(filepath.Join(d.dir, ".bashrc"), []byte("PS1='> '\n"+
		". /usr/share/bash-completion/bash_completion\n. .bin/imgcheck.bash\n. .bin/mp-submit.bash\n"), 0o600))
	k := d.sit(t, "bash", "--rcfile", ".bashrc", "-i")
	k.press(t, "\n")
	for _, row := range typed {
		assert.Equal(t, row.last, d.lastWord(t, k, row.line), row.line)
	}
}

// TestCompletionInZsh types into a real zsh with its own completion system.
func TestCompletionInZsh(t *testing.T) {
	d := newDesk(t)
	require.NoError(t, os.WriteFile(filepath.Join(d.dir, ".zshrc"), []byte("PS1='> '\n"+
		"fpath=($PWD/.bin $fpath)\nautoload -U compinit\ncompinit -u\n"), 0o600))
	k := d.sit(t, "zsh", "-i")
	k.press(t, "\n")
	for _, row := range typed {
		want := row.last
		if want == "folder/" {
			want = "folder" // zsh takes its own slash away again where nothing follows
		}
		assert.Equal(t, want, d.lastWord(t, k, row.line), row.line)
	}
}

// TestCompletionInFish asks a real fish what it would offer.
func TestCompletionInFish(t *testing.T) {
	d := newDesk(t)
	for _, row := range typed {
		fish := exec.Command("fish", "--no-config", "-c", "source .bin/imgcheck.fish; source .bin/mp-submit.fish; complete -C $argv[1]", row.line)
		fish.Dir, fish.Env = d.dir, d.env()
		offered, err := fish.Output()
		require.NoError(t, err)
		var words []string
		for line := range strings.Lines(string(offered)) {
			word, _, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
			words = append(words, word)
		}
		assert.Equal(t, []string{row.last}, words, row.line)
	}
}

// overstruck is how bold and underlined text is shown.
var overstruck = regexp.MustCompile(".\x08")

// TestManualPages: the formatter that shows them has nothing to warn of.
func TestManualPages(t *testing.T) {
	pages, err := filepath.Glob("../docs/man/*.1")
	require.NoError(t, err)
	require.NotEmpty(t, pages)
	for _, page := range pages {
		man := exec.Command("man", "-l", "--warnings=w", "-Tutf8", page)
		var warnings strings.Builder
		man.Stderr = &warnings
		shown, err := man.Output()
		require.NoError(t, err, warnings.String())
		assert.Empty(t, warnings.String(), page)
		assert.Contains(t, overstruck.ReplaceAllString(string(shown), ""), "\nSEE ALSO\n", page)
	}
}
