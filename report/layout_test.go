package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/check"
	"imgcheck/clean"
	"imgcheck/distro"
)

func TestLayout(t *testing.T) {
	for _, row := range []struct {
		name, text  string
		start, hang int
		want        string
	}{
		{"has room", "one two", 0, 0, "one two"},
		{"just has room", "one two three four 20", 0, 0, "one two three four\n20"},
		{"is broken between words", "one two three four five", 0, 2, "one two three four\n  five"},
		{"begins after a label", "one two three four", 7, 7, "one two three\n       four"},
		{"a long word stands whole", "at /a/very/long/path/to/some/file it is", 0, 2, "at\n  /a/very/long/path/to/some/file\n  it is"},
		{"a path with a space", keep("/home/a b/My Documents/x  1 byte", "/home/a b/My Documents/x"), 0, 2, "/home/a b/My Documents/x\n  1 byte"},
		{"what is quoted", `then run "apt-get update now" here`, 0, 0, "then run\n\"apt-get update now\"\nhere"},
		{"a quote that is not closed", `then run "apt-get update now`, 0, 0, "then run \"apt-get\nupdate now"},
		{"two spaces are kept", "/etc/fstab:2  swap", 0, 0, "/etc/fstab:2  swap"},
		{"wide characters", "日本語 日本語 日本語日 日本", 0, 0, "日本語 日本語\n日本語日 日本"},
		{"marks take no room", strings.Repeat("e\u0301", 20), 0, 0, strings.Repeat("e\u0301", 20)},
		{"nothing", "", 7, 7, ""},
	} {
		t.Run(row.name, func(t *testing.T) { assert.Equal(t, row.want, layout(row.text, 20, row.start, row.hang)) })
	}
}

func TestRemedyCanBeCopied(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"no command", "Build it again.", "Build it again."},
		{"a command at the end", `Delete it: "rm FILE"`, "Delete it:\n      rm FILE"},
		{"one after the other", `Run "a b", or "c d" or "e f", and reboot.`, "Run\n      a b\n    or\n      c d\n    or\n      e f\n    and reboot."},
		{"longer than the line", `Run "find /var/log -type f -exec truncate --size 0 {} +".`, "Run\n      find /var/log -type f -exec truncate --size 0 {} +"},
		{"in parentheses", `Do (or "dnf remove x") and be done with all of it`, "Do (or \"dnf remove x\") and be\n    done with all of it"},
		{"a word is no command", `Begin it with "#!/bin/sh" now`, "Begin it with \"#!/bin/sh\" now"},
		{"not closed", `Run "rm FILE`, `Run "rm FILE`},
	} {
		t.Run(row.name, func(t *testing.T) { assert.Equal(t, row.want, remedy(row.text, 30, 0, 4)) })
	}
}

// FuzzLayout: nothing gets lost, and a line is too long only where it is one word.
func FuzzLayout(f *testing.F) {
	f.Add("one two  three\u00a0four \"five six\" 日本", uint8(20), uint8(3))
	f.Fuzz(func(t *testing.T, s string, width, hang uint8) {
		text := harmless(s, false)
		shown := layout(text, textWidth(int(width)), 0, int(hang%20))
		assert.Equal(t, strings.Fields(text), strings.Fields(shown))
		for line := range strings.SplitSeq(shown, "\n") {
			if columns(line) > textWidth(int(width)) && !strings.Contains(text, `"`) {
				assert.Len(t, strings.Fields(line), 1, line)
			}
		}
	})
}

// TestLists: they fit any terminal, and where there is none.
func TestLists(t *testing.T) {
	for _, list := range []List{Checks(check.Catalogue()), Steps(clean.Catalogue()), Releases(distro.Releases())} {
		for _, width := range []int{0, 80, 100, 300} {
			var out bytes.Buffer
			require.NoError(t, list.Write(&out, "table", width))
			for line := range strings.Lines(out.String()) {
				assert.LessOrEqual(t, columns(strings.TrimSuffix(line, "\n")), textWidth(width), line)
			}
		}
	}
}

// TestRemediesFit: at any width each line fits or is one command of the remedy, whole.
func TestRemediesFit(t *testing.T) {
	for _, c := range check.Catalogue() {
		for _, width := range []int{40, 80, 100} {
			for line := range strings.SplitSeq(remedy(c.Remedy, width, 12, 12), "\n") {
				word := strings.Trim(line, ` "(),.`)
				assert.True(t, columns(line) <= width || !strings.Contains(word, " ") || strings.Contains(c.Remedy, `"`+word+`"`), "%s: %s", c.ID, line)
			}
		}
	}
}
