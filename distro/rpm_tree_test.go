package distro

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/internal/host"
)

func TestRPMInstalledTree(t *testing.T) {
	base := rpmLine("setup", "(none)", "2.13", "1.el9", "noarch", "Rocky")
	tests := []struct {
		name  string
		files map[string]string
		out   host.Output
		err   error
		want  string // part of the error, empty for none
	}{
		{name: "sqlite", files: map[string]string{"var/lib/rpm/rpmdb.sqlite": "x"}, out: says(0, base, "")},
		{name: "other folder", files: map[string]string{"usr/lib/sysimage/rpm/rpmdb.sqlite": "x"}, out: says(0, base, "")},
		{name: "no database", want: "there is none in"},
		{
			name:  "two databases",
			files: map[string]string{"var/lib/rpm/rpmdb.sqlite": "x", "var/lib/rpm/Packages": "x"},
			out:   says(0, base, ""), want: "both",
		},
		{name: "warning", files: map[string]string{"var/lib/rpm/Packages.db": "x"}, out: says(0, base, "warning: invalid %_db_backend: ndb\nwarning: using dummy database\n"), want: "dummy"},
		{name: "error", files: map[string]string{"var/lib/rpm/Packages": "x"}, out: says(0, base, "error: bdb_ro error reading Packages database\n"), want: "bdb_ro"},
		{name: "exit code", files: map[string]string{"var/lib/rpm/Packages": "x"}, out: says(1, base, ""), want: "exit code 1"},
		{name: "zero packages", files: map[string]string{"var/lib/rpm/Packages": "x"}, out: says(0, "", ""), want: "none of its 0"},
		{
			name: "no base package", files: map[string]string{"var/lib/rpm/Packages": "x"},
			out: says(0, rpmLine("nginx", "1", "1.20", "1.el9", "x86_64", "R"), ""), want: "none of its 1",
		},
		{name: "no rpm here", files: map[string]string{"var/lib/rpm/Packages": "x"}, err: host.ErrNoProgram, want: "not found"},
		{name: "hangs", files: map[string]string{"var/lib/rpm/Packages": "x"}, err: host.ErrTimeout, want: "did not end"},
		{name: "out of memory", files: map[string]string{"var/lib/rpm/Packages": "x"}, err: host.ErrKilled, want: "killed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			play := &rpmScript{answers: []rpmAnswer{{words: "rpm -qa --nosignature", out: tt.out, err: tt.err}}}
			m := rpmMachine(t, false, play, tt.files)
			m.Family = FamilyRPM
			list, err := m.Packages.Installed(context.Background())
			if tt.want == "" {
				require.NoError(t, err)
				assert.Equal(t, "setup", list[0].Name)
				return
			}
			require.ErrorIs(t, err, ErrNoReader)
			require.ErrorContains(t, err, strings.ReplaceAll(tt.want, "dummy", "invalid"))
			assert.Nil(t, list)
		})
	}
}

// TestRPMTreeWarning shows that only the missing indexes are excused, and only ours.
func TestRPMTreeWarning(t *testing.T) {
	base := rpmLine("setup", "(none)", "2.13", "1.el9", "noarch", "Rocky")
	_, err := reliableList(says(0, base, "warning: could not open /tmp/x/Name: No such file or directory\n"), "/tmp/x")
	require.NoError(t, err)
	_, err = reliableList(says(0, base, "warning: could not open /tmp/y/Name: No such file or directory\n"), "/tmp/x")
	require.Error(t, err)
}

func TestRPMTreeFifo(t *testing.T) {
	m := rpmMachine(t, false, &rpmScript{}, map[string]string{"var/lib/rpm/x": ""})
	require.NoError(t, syscall.Mkfifo(filepath.Join(m.Root.Dir(), "var/lib/rpm/Packages"), 0o600))
	_, err := m.Packages.Installed(context.Background())
	require.ErrorIs(t, err, ErrNoReader)
	require.ErrorIs(t, err, host.ErrNotRegular)
}

func TestRPMTreeEndedByCaller(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	m := rpmMachine(t, false, &rpmScript{}, map[string]string{"var/lib/rpm/Packages": "x"})
	_, err := m.Packages.Installed(ctx)
	require.ErrorIs(t, err, context.Canceled)
	assert.NotErrorIs(t, err, ErrNoReader)
}

func TestRPMPendingTree(t *testing.T) {
	_, err := rpmMachine(t, false, &rpmScript{}, nil).Packages.Pending(context.Background())
	require.ErrorIs(t, err, host.ErrOffline)
}

// TestRPMRealTree reads real databases with this computer's rpm.
func TestRPMRealTree(t *testing.T) {
	tests := []struct {
		name  string
		files []string
		link  bool
		cut   int64
		want  []string // nil: ErrNoReader
	}{
		{name: "sqlite with its log", files: []string{"rpmdb.sqlite", "rpmdb.sqlite-wal"}, want: []string{"bash", "openssl-libs", "setup"}},
		{name: "sqlite alone", files: []string{"rpmdb.sqlite"}, want: []string{"bash", "setup"}},
		{name: "behind a link", files: []string{"rpmdb.sqlite", "rpmdb.sqlite-wal"}, link: true, want: []string{"bash", "openssl-libs", "setup"}},
		{name: "Berkeley", files: []string{"Packages"}, want: []string{"openssl-libs", "pinned", "setup", "tzdata"}},
		{name: "sqlite cut off", files: []string{"rpmdb.sqlite"}, cut: 50_000},
		{name: "sqlite empty", files: []string{"rpmdb.sqlite"}, cut: 0},
		{name: "Berkeley cut off", files: []string{"Packages"}, cut: 9_000},
		{name: "Berkeley empty", files: []string{"Packages"}, cut: 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := rpmMachine(t, false, nil, nil)
			m.Local = realRPM(t, tt.files[0])
			folder := filepath.Join(m.Root.Dir(), "var/lib/rpm")
			if tt.link {
				folder = filepath.Join(m.Root.Dir(), "usr/lib/sysimage/rpm")
				require.NoError(t, os.MkdirAll(filepath.Join(m.Root.Dir(), "var/lib"), 0o755))
				require.NoError(t, os.Symlink("/usr/lib/sysimage/rpm", filepath.Join(m.Root.Dir(), "var/lib/rpm")))
			}
			for _, name := range tt.files {
				unpackDatabase(t, name, folder)
				if tt.want == nil {
					require.NoError(t, os.Truncate(filepath.Join(folder, name), tt.cut))
				}
			}
			list, err := m.Packages.Installed(context.Background())
			if tt.want == nil {
				require.ErrorIs(t, err, ErrNoReader)
			} else {
				require.NoError(t, err)
			}
			var names []string
			for _, p := range list {
				names = append(names, p.Name)
			}
			assert.Equal(t, tt.want, names)
			left, err := os.ReadDir(folder)
			require.NoError(t, err)
			assert.Len(t, left, len(tt.files), "something was written into the tree")
		})
	}
}

// realRPM returns the runner of real programs if this computer's rpm can read a
// database of that kind.
func realRPM(t *testing.T, file string) host.Runner {
	t.Helper()
	h, err := host.OpenTree(t.TempDir())
	require.NoError(t, err)
	require.NoError(t, h.Close())
	out, err := h.Local.Run(context.Background(), host.Command{Name: "rpm", Args: []string{"--showrc"}})
	if errors.Is(err, host.ErrNoProgram) {
		t.Skip("no rpm on this computer")
	}
	require.NoError(t, err)
	backend := "sqlite"
	if file == "Packages" {
		backend = "bdb_ro"
	}
	for _, line := range strings.Split(string(out.Stdout), "\n") {
		if strings.HasPrefix(line, "available backends") && strings.Contains(line, backend) {
			return h.Local
		}
	}
	t.Skipf("the rpm of this computer has no %s backend", backend)
	return nil
}

func unpackDatabase(t *testing.T, name, folder string) {
	t.Helper()
	packed, err := os.Open(filepath.Join("testdata/rpm", name+".gz"))
	require.NoError(t, err)
	defer func() { require.NoError(t, packed.Close()) }()
	data, err := gzip.NewReader(packed)
	require.NoError(t, err)
	text, err := io.ReadAll(data)
	require.NoError(t, err)
	plantFile(t, filepath.Join(folder, name), string(text))
}
