package host

import (
	"path"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestInside(t *testing.T) {
	for _, row := range []struct {
		dir, name string
		want      bool
	}{
		{"/home/user", "/home/user", true},
		{"/home/user/", "/home/user/.ssh", true},
		{"/home/user", "/home/user2", false},
		{"/home/user", "/home", false},
		{"/", "/etc", true},
		{"/", "/", true},
		{"/home/user", "/home/user/../other", false},
		{"/home/user", "/home/user/a/../b", true},
		{"/home/user", "home/user/file", true},
	} {
		assert.Equal(t, row.want, Inside(row.dir, row.name), "%v", row)
	}
}

func TestMatchPath(t *testing.T) {
	for _, row := range []struct {
		glob, name string
		want       bool
	}{
		{"/var/log/app/**", "/var/log/app/a/b.log", true},
		{"/var/log/app/**", "/var/log/app", true},
		{"/var/log/app/**", "/var/log/apple", false},
		{"/var/log/*", "/var/log/app/a.log", false},
		{"/var/log/*.log", "/var/log/a.log", true},
		{"/**/*.log", "/a.log", true},
		{"/**/*.log", "/var/log/a/b.log", true},
		{"/**/log/**/x", "/var/log/a/log/b/x", true},
		{"/**/log/**/x", "/var/log/a/log/b/y", false},
		{"/a/**/b/c", "/a/b/b/c", true},
		{"/a/**/b/c", "/a/b/c/b", false},
		{"/a/***", "/a/b", true},
		{"/a/***", "/a/b/c", false},
		{"/[a-c]/?", "/b/x", true},
		{"/[a-c", "/a", false},
		{"/\\*", "/*", true},
		{"/\\*", "/a", false},
		{"/", "/", true},
		{"/**", "/", true},
		{"/a//b/", "/a/b", true},
	} {
		assert.Equal(t, row.want, MatchPath(row.glob, row.name), "%v", row)
	}
}

func TestCheckGlob(t *testing.T) {
	for _, good := range []string{"/", "/var/log/app/**", "/[a-c]/?", "/\\*"} {
		require.NoError(t, CheckGlob(good))
	}
	for _, bad := range []string{"", "var/log", "*", "/var/[a", "/var/[a/b]", "/a\\", "/[]a]"} {
		require.Error(t, CheckGlob(bad), bad)
	}
}

// TestMatchPathTime: a glob that can match in many ways takes no time to fail.
func TestMatchPathTime(t *testing.T) {
	begin := time.Now()
	assert.False(t, MatchPath(strings.Repeat("/**/a", 30)+"/x", strings.Repeat("/a", 500)))
	assert.Less(t, time.Since(begin), time.Second)
}

// FuzzMatchPath holds the match against a regular expression made from the glob.
func FuzzMatchPath(f *testing.F) {
	f.Add("/**/a/**", "/b/a/c")
	f.Add("/*/**/b*", "/a/b/b")
	f.Add("/**/**", "/")
	f.Fuzz(func(t *testing.T, glob, name string) {
		got := MatchPath(glob, name)
		if CheckGlob(glob) != nil || !path.IsAbs(name) || strings.ContainsAny(glob, `?[\`) || len(glob) > 50 {
			return
		}
		var want strings.Builder
		for part := range strings.SplitSeq(strings.TrimPrefix(path.Clean(glob), "/"), "/") {
			if part == "**" {
				want.WriteString("(?:/[^/]*)*")
				continue
			}
			want.WriteString("/" + strings.ReplaceAll(regexp.QuoteMeta(part), `\*`, "[^/]*"))
		}
		pattern, err := regexp.Compile("(?s)^" + want.String() + "$")
		if err != nil {
			return // invalid UTF-8
		}
		if name = path.Clean(name); pattern.MatchString(name) != got {
			t.Fatalf("MatchPath(%q, %q) = %v", glob, name, got)
		}
	})
}
