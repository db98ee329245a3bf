//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// builds are how a program is built, and the level of x86-64 that it then names.
func builds() map[string][]string {
	return map[string][]string{
		"plain": nil, "v3-without-note": {"-march=x86-64-v3"},
		"v2": {"-Wl,-z,x86-64-v2"}, "v3": {"-march=x86-64-v3", "-Wl,-z,x86-64-v3"}, "v4": {"-Wl,-z,x86-64-v4"},
		"needed-v2": {"-march=x86-64-v2", "-mneeded"}, "needed-v3": {"-march=x86-64-v3", "-mneeded"}, "needed-v4": {"-march=x86-64-v4", "-mneeded"},
		"static-v3": {"-static", "-Wl,-z,x86-64-v3"}, "libshared-v3.so": {"-shared", "-fPIC", "-march=x86-64-v3", "-mneeded"},
		"libshared.so.1": {"-shared", "-fPIC"},
	}
}

// readelf says what the notes of each program name as needed; the report has to agree.
func TestReadelfIsTheReferee(t *testing.T) {
	own := debianTree(t)
	dir := filepath.Join(own.root, "opt/app")
	require.NoError(t, os.MkdirAll(dir, 0o755))
	source := filepath.Join(dir, "main.c")
	require.NoError(t, os.WriteFile(source, []byte("int main(void) { return 0; }\n"), 0o644))
	want := map[string]bool{}
	demanding := regexp.MustCompile(`x86 ISA needed: .*x86-64-v[34]`)
	for name, flags := range builds() {
		file := filepath.Join(dir, name)
		require.NoError(t, command("/", "gcc", append(flags, source, "-o", file)...))
		notes, err := output("/", "readelf", "-n", file)
		require.NoError(t, err)
		if demanding.MatchString(notes) {
			want["/opt/app/"+name] = true
		}
	}
	assert.Len(t, want, 6, "what the tools here mark as v3 and v4")
	out := own.checkRoot("--only", "architecture")
	assert.Equal(t, "warn", out.statuses()["architecture"])
	got := map[string]bool{}
	for _, r := range out.report.Results {
		for _, f := range r.Findings {
			assert.Regexp(t, `needs x86-64-v[34]`, f.Message)
			assert.True(t, strings.Contains(f.Path, "v3") == strings.Contains(f.Message, "v3"), f.Path+" "+f.Message)
			got[f.Path] = true
		}
	}
	assert.Equal(t, want, got)
}

// What is mounted is not in the image: it is passed over, and said.
func TestMountsAreNotSearched(t *testing.T) {
	own := debianTree(t)
	for _, dir := range []string{"srv", "opt/data"} {
		mount := filepath.Join(own.root, dir)
		require.NoError(t, os.MkdirAll(mount, 0o755))
		require.NoError(t, syscall.Mount("tmpfs", mount, "tmpfs", 0, "size=1m"))
		t.Cleanup(func() { assert.NoError(t, syscall.Unmount(mount, syscall.MNT_DETACH)) })
		own.write(dir+"/.env", "KEY=AKIA"+strings.Repeat("Q7RSTUVW", 2)+"\n")
	}
	out := own.checkRoot("--only", "credentials")
	assert.Equal(t, "pass", out.statuses()["credentials"], out.said("credentials"))
	assert.Contains(t, out.said("credentials"), "note /srv a file system of its own is mounted here")
	assert.Contains(t, out.said("credentials"), "note /opt/data a file system")
}
