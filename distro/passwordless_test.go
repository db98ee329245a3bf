package distro

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func named(names ...string) func(string) bool {
	return func(name string) bool { return strings.Contains(" "+strings.Join(names, " ")+" ", " "+name+" ") }
}

func TestClearShadow(t *testing.T) {
	hash := "$6$" + "salt$" + strings.Repeat("h", 86)
	before := strings.Join([]string{
		"root:" + hash + ":20770:0:99999:7:::",
		"daemon:*:20770:0:99999:7:::",
		"  deploy::20770:0:99999:7:::", // the C library passes over the blanks
		"deploy:!" + hash + ":20770::::::",
		"locked:!*:20770::::::",
		"fine:!!:1::::::",
		"web:" + hash + ":1::::::", // not chosen
		"broken",
		"too:" + hash + ":1:2:3:4:5:6:7:8:9",
		"nul\x00:" + hash + ":1::::::",
		"# a comment: with a colon",
		"",
		"last:" + hash, // without a newline
	}, "\n")
	got := clearShadow([]byte(before), named("root", "daemon", "deploy", "locked", "fine", "too", "nul", "last"))
	assert.Equal(t, []string{"root", "deploy", "deploy", "locked", "last"}, got.Accounts)
	assert.Equal(t, strings.Join([]string{
		"root:*:20770:0:99999:7:::",
		"daemon:*:20770:0:99999:7:::",
		"  deploy:*:20770:0:99999:7:::",
		"deploy:*:20770::::::",
		"locked:*:20770::::::",
		"fine:!!:1::::::",
		"web:" + hash + ":1::::::",
		"broken",
		"too:" + hash + ":1:2:3:4:5:6:7:8:9",
		"nul\x00:" + hash + ":1::::::",
		"# a comment: with a colon",
		"",
		"last:*",
	}, "\n"), string(got.Data))
}

func TestClearPasswd(t *testing.T) {
	before := "root::0:0::/root:/bin/sh\napp:" + strings.Repeat("h", 13) + ":1000:1000::/srv:/bin/sh\nweb:x:33:33::/:/bin/sh\nold:!*:8:8::/:/bin/sh\n"
	got := clearPasswd([]byte(before), named("root", "app", "web", "old"), map[string]bool{"root": true})
	assert.Equal(t, []string{"root", "app"}, got.Accounts)
	assert.Equal(t, "root:x:0:0::/root:/bin/sh\napp:*:1000:1000::/srv:/bin/sh\nweb:x:33:33::/:/bin/sh\nold:!*:8:8::/:/bin/sh\n", string(got.Data))
}

// FuzzClearShadow: nothing but the second field of chosen lines changes, and no chosen
// account that can be read has a password afterwards.
func FuzzClearShadow(f *testing.F) {
	f.Add("root:x:1\n root::2\n#root:y:3\nroot")
	f.Add("root:*:20770:0:99999:7:::\napp:!$6$:1\r\n\x00")
	f.Fuzz(func(t *testing.T, data string) {
		got := clearShadow([]byte(data), named("root"))
		again := clearShadow(got.Data, named("root"))
		assert.Empty(t, again.Accounts)
		assert.Equal(t, got.Data, again.Data)
		entries, _ := ParseShadow(got.Data)
		for _, e := range entries {
			if e.Name == "root" && e.Err == nil {
				assert.Equal(t, PasswordNone, e.Password)
			}
		}
		before, after := strings.Split(data, "\n"), strings.Split(string(got.Data), "\n")
		assert.Equal(t, len(before), len(after))
		for i, line := range before {
			a, b := strings.Split(line, ":"), strings.Split(after[i], ":")
			if assert.Equal(t, len(a), len(b)) && len(a) > 1 {
				a[1], b[1] = "", ""
			}
			assert.Equal(t, a, b)
		}
	})
}

func TestPersons(t *testing.T) {
	m := treeMachine(t, "-- etc/passwd --\nroot:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\napp:x:1000:1000::/srv:/bin/sh\n")
	accounts, err := m.Accounts(t.Context())
	assert.NoError(t, err)
	var persons []string
	for _, a := range accounts {
		if a.Person() {
			persons = append(persons, a.Name)
		}
	}
	assert.Equal(t, []string{"app"}, persons)
}
