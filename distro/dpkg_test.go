package distro

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/internal/host"
)

const oneInstalled = "Package: lab-web\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0\n\n"

// debMachine is a machine whose tree holds the files.
func debMachine(t *testing.T, files map[string]string) *debPackages {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	h, err := host.OpenTree(dir)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, h.Close()) })
	h.Now = func() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }
	packages, ok := newDebPackages(&Machine{Host: h}, Settings{LockWait: time.Second}).(*debPackages)
	require.True(t, ok)
	return packages
}

func TestParseDpkgStatus(t *testing.T) {
	t.Parallel()
	head := "Package: a\nStatus: install ok installed\nArchitecture: amd64\n"
	for _, row := range []struct{ name, text, fault string }{
		{"one", oneInstalled, ""},
		{"a field that continues", head + "Version: 1\nConffiles:\n /etc/a 0\n /etc/b 1\nDescription: x\n .\n y\n\n", ""},
		{"removed, without version", "Package: a\nStatus: deinstall ok config-files\n\n", ""},
		{"not UTF-8", head + "Version: 1\nMaintainer: J\xf6rg <j@example.org>\n\n", ""},
		{"empty", "", "line 1 holds no package"},
		{"only empty lines", "\n\n\n", "line 1 holds no package"},
		{"cut behind a line", head, "line 1 begins an entry without version or architecture"},
		{"cut in a line", oneInstalled + head + "Versio", "line 9 is not a field"},
		{"cut behind the version", oneInstalled + head + "Version: 1\n", "line 6 begins an entry that is cut off"},
		{"binary", oneInstalled + "\x7fELF\x00\x01\n\n", "line 6 is not text"},
		{"junk", "hello\n\n", "line 1 is not a field"},
		{"continues nothing", " x\n\n", "line 1 continues a field that is not there"},
		{"two words of status", "Package: a\nStatus: install ok\n\n", "line 1 begins an entry without the three words of a status"},
		{"unknown selection", "Package: a\nStatus: keep ok installed\n\n", "line 1 begins an entry with an unknown selection"},
		{"unknown flag", "Package: a\nStatus: install fine installed\n\n", "line 1 begins an entry with an unknown error flag"},
		{"unknown state", "Package: a\nStatus: install ok there\n\n", "line 1 begins an entry with an unknown state"},
		{"bad name", "Package: a b\nStatus: install ok installed\n\n", "line 1 begins an entry without the name of a package"},
		{"long line", "Package: " + strings.Repeat("a", stanzaLineLimit) + "\n\n", "line 1 is too long"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			entries, err := parseDpkgStatus([]byte(row.text))
			if row.fault == "" {
				require.NoError(t, err)
				assert.Len(t, entries, 1)
				return
			}
			require.EqualError(t, err, dpkgStatus+" "+row.fault)
		})
	}
}

func TestDebInstalled(t *testing.T) {
	t.Parallel()
	d := debMachine(t, map[string]string{dpkgStatus: `Package: zlib1g
Status: hold ok installed
Architecture: i386
Version: 1.2

Package: zlib1g
Status: install ok installed
Architecture: amd64
Version: 1.3

Package: bash
Status: install ok triggers-pending
Architecture: amd64
Version: 5

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 5

Package: broken
Status: install reinstreq half-installed
Architecture: amd64
Version: 5

Package: new
Status: install ok unpacked
Architecture: all
Version: 5

`, dpkgUpdates + "/0003": "", dpkgUpdates + "/tmp.i": ""})
	installed, err := d.Installed(context.Background())
	require.NoError(t, err)
	assert.Equal(t, []Package{
		{Name: "bash", Arch: "amd64", Version: "5"},
		{Name: "zlib1g", Arch: "amd64", Version: "1.3"},
		{Name: "zlib1g", Arch: "i386", Version: "1.2", Held: true},
	}, installed)
	problems, err := d.Problems(context.Background())
	require.NoError(t, err)
	assert.Equal(t, []Problem{
		{"dpkg", "interrupted"}, {"bash", "triggers-pending"}, {"broken", "reinst-required"}, {"new", "unpacked"},
	}, problems)
}

func TestDebWithoutDatabase(t *testing.T) {
	t.Parallel()
	d := debMachine(t, map[string]string{"etc/hostname": "x"})
	_, err := d.Installed(context.Background())
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = d.Problems(context.Background())
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = d.Pending(context.Background())
	require.ErrorIs(t, err, os.ErrNotExist)
}

func FuzzDpkgStatus(f *testing.F) {
	f.Add([]byte(oneInstalled))
	f.Add([]byte("Package: a\nStatus: install ok installed\nConffiles:\n /etc/a 0\n\n\n#\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, err := parseDpkgStatus(data)
		if err == nil && len(entries) == 0 {
			t.Fatal("no package and no error")
		}
		var line LineError
		if err != nil {
			require.ErrorAs(t, err, &line)
		}
	})
}
