package distro

import (
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestShellCommands(t *testing.T) {
	for text, want := range map[string]string{
		"/opt/a":                        "1 /opt/a",
		"# /opt/a\n\n  /opt/b # /opt/c": "3 /opt/b",
		"cd /opt && ./a; /opt//b/../c":  "1 /opt/c",
		"A=1 sudo /opt/a":               "1 /opt/a",
		"exec bash -x /opt/a arg":       "1 /opt/a shell",
		"bash -c '/opt/a'":              "",
		"bash -c /opt/a":                "",
		"chmod 0755 /opt/a":             "1 /opt/a chmod",
		"source ~/x":                    "1 /root/x sourced",
		`\. "${HOME}/x"`:                "1 /root/x sourced",
		"[ -x /opt/a ] && /opt/a":       "1 /opt/a guarded",
		"[ -e /x ] || { /opt/a; }":      "1 /opt/a guarded",
		"if /opt/a; then\n/opt/b\nelse /opt/c\nfi\n/opt/d": "1 /opt/a, 2 /opt/b guarded, 3 /opt/c guarded, 5 /opt/d",
		"f() {\n/opt/a\n}\n/opt/b":                         "2 /opt/a guarded, 4 /opt/b",
		`echo "; /opt/a" '; /opt/b' \; /opt/c`:             "",
		"$DIR/a\n`/opt/b`\n/opt/*.sh\n/opt/$X":             "",
		"/opt/a\r":                                         "1 /opt/a",
		"/opt/a & /opt/b|/opt/c":                           "1 /opt/a, 1 /opt/b, 1 /opt/c",
		`"/opt/with space"`:                                "1 /opt/with space",
		"echo 'open\n/opt/a":                               "2 /opt/a",
	} {
		var got []string
		for _, c := range parseShellCommands([]byte(text)) {
			shown := fmt.Sprintf("%d %s", c.line, c.path)
			for _, mark := range []struct {
				name string
				set  bool
			}{{"shell", c.byShell}, {"chmod", c.chmod}, {"sourced", c.sourced}, {"guarded", c.guarded}} {
				if mark.set {
					shown += " " + mark.name
				}
			}
			got = append(got, shown)
		}
		assert.Equal(t, want, strings.Join(got, ", "), text)
	}
}

func TestRestoring(t *testing.T) {
	for text, want := range map[string]bool{
		"cp -f /etc/skel/.bashrc /root/.bashrc":              true,
		"cp /etc/skel/.bashrc /root":                         true,
		"  sed -i '/setup/d' ~/.bashrc":                      true,
		"  local rc=/root/.bashrc":                           true,
		"grep -v x ~/.bashrc >/tmp/x && mv /tmp/x ~/.bashrc": true,
		"echo x > /root/.bashrc":                             true,
		"echo x >> /root/.bashrc":                            false,
		"# cp -f /etc/skel/.bashrc /root/.bashrc":            false,
		"source ~/.bashrc":                                   false,
		"echo see .bashrc":                                   false,
		"":                                                   false,
	} {
		assert.Equal(t, want, restoring([]byte("x\n"+text+"\n")), text)
	}
}

func FuzzShellCommands(f *testing.F) {
	for _, seed := range []string{"if [ -f x ]; then /opt/a; fi", "A=1 bash -x '/opt/a' \\", "f() {\n~/x\n}", "\"$HOME/x\"", "#!/usr/bin/env -S a=b python3\n", "\xef\xbb\xbf#!/x\r\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, c := range parseShellCommands(data) {
			if !path.IsAbs(c.path) || path.Clean(c.path) != c.path || c.line < 1 {
				t.Errorf("no path: %+v", c)
			}
		}
		restoring(data)
		head := data[:min(len(data), scriptLine)]
		if interpreter, why := parseScriptHead(head); interpreter != "" && why != "" || strings.ContainsAny(interpreter, " \t\n") {
			t.Errorf("%q and %q", interpreter, why)
		} else if strings.ContainsAny(shownName(interpreter), " \t\n\x1b") && !strings.HasPrefix(shownName(interpreter), "(") {
			t.Errorf("shown as %q", shownName(interpreter))
		}
	})
}
