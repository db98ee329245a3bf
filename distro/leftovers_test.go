package distro

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNoneOfOurs(t *testing.T) {
	for name, data := range map[string]string{"nothing": "", "a text": "x", "a head alone": "SQLite format 3\x00", "a header cut": "LPKSHHRH"} {
		_, database := DatabaseRows([]byte(data))
		_, journal := JournalEntries([]byte(data))
		assert.False(t, database, name)
		assert.False(t, journal, name)
	}
}

// FuzzDatabaseRows proves that no database makes it crash, and that only one has rows.
func FuzzDatabaseRows(f *testing.F) {
	page := make([]byte, 1024)
	copy(page, "SQLite format 3\x00\x02\x00")
	f.Add(page)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		if rows, ok := DatabaseRows(data); rows {
			assert.True(t, ok)
		}
	})
}

// FuzzJournalEntries proves that what is no journal has no entries.
func FuzzJournalEntries(f *testing.F) {
	f.Add([]byte("LPKSHHRH"))
	f.Add(append([]byte("LPKSHHRH"), make([]byte, JournalHead)...))
	f.Fuzz(func(t *testing.T, data []byte) {
		if entries, ok := JournalEntries(data); !ok {
			assert.Zero(t, entries)
		}
	})
}

// FuzzAccountCopy proves that a copy never has more hashes or names than bytes.
func FuzzAccountCopy(f *testing.F) {
	for _, name := range []string{"/etc/shadow-", "/etc/security/opasswd", "/var/backups/group.bak", "/etc/subuid-"} {
		f.Add(name, []byte("root:*:0:x\n\n#\n:\n"))
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		c := readAccountCopy(name, data, map[string]bool{})
		assert.LessOrEqual(t, c.Hashes+c.Gone, 2*len(data))
	})
}

// FuzzNetworkBindings proves that a line that is named is one of the file's.
func FuzzNetworkBindings(f *testing.F) {
	f.Add([]byte("addresses: [203.0.113.20/20]\nHWADDR=02\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		lines := 1 + len(regexp.MustCompile("\n").FindAll(data, -1))
		for _, kind := range networkFiles {
			for _, b := range networkBindings("/etc/x", data, kind.pin, kind.address) {
				assert.LessOrEqual(t, b.Line, lines)
				assert.Positive(t, b.Line)
			}
		}
	})
}
