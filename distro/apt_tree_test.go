package distro

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"maps"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/ulikunitz/xz"
)

const (
	securityIndex = labLists + "-security_main_binary-amd64_Packages"
	securityList  = labLists + "-security_InRelease"
)

func TestPendingTree(t *testing.T) {
	t.Parallel()
	stanza := "Package: lab-web\nArchitecture: amd64\nVersion: 1.1\n\n"
	usual := Update{Name: "lab-web", Arch: "amd64", Installed: "1.0", Candidate: "1.2", Source: "Debian:12-updates/oldstable-updates", Security: true}
	with := func(change func(*Update)) []Update {
		u := usual
		change(&u)
		return []Update{u}
	}
	for _, row := range []struct {
		name  string
		files map[string]string // "-" removes
		want  []Update
		is    error
		says  string
	}{
		{name: "a fix behind a later version", want: []Update{usual}},
		{name: "held", files: map[string]string{dpkgStatus: strings.Replace(oneInstalled, "install", "hold", 1)},
			want: with(func(u *Update) { u.Held = true })},
		{name: "pinned away", files: map[string]string{aptPreferences: "Package: lab-web\nPin: release *\nPin-Priority: -1\n"},
			want: with(func(u *Update) {
				u.Pinned, u.Candidate, u.Source = true, "1.1", "Debian-Security:12/oldstable-security"
			})},
		{name: "pinned to an older version", files: map[string]string{aptPreferencesParts + "/x.pref": "Package: lab-*\nPin: version 1.0*\nPin-Priority: 1001\n", aptPreferencesParts + "/x.bak": "junk"},
			want: with(func(u *Update) {
				u.Pinned, u.Candidate, u.Source = true, "1.1", "Debian-Security:12/oldstable-security"
			})},
		{name: "default release", files: map[string]string{aptConfParts + "/10x": `APT::Default-Release "bookworm-security";`},
			want: with(func(u *Update) { u.Candidate, u.Source = "1.1", "Debian-Security:12/oldstable-security" })},
		{name: "default release that is nowhere", files: map[string]string{aptConf: `APT::Default-Release "nowhere";`}, says: "no release that the sources offer"},
		{name: "phased", files: map[string]string{dpkgStatus: strings.Replace(oneInstalled, "1.0", "1.1", 1),
			labLists + "-updates_main_binary-amd64_Packages": "Package: lab-web\nVersion: 2\nArchitecture: all\nPhased-Update-Percentage:9\n"},
			says: "has 73 bytes where its release names 51"},
		{name: "not for this architecture", files: map[string]string{securityIndex: strings.Replace(stanza, "amd64", "i386", 1) + " ", securityList: labRelease + " aa 51 main/binary-amd64/Packages\n"},
			want: with(func(u *Update) { u.Security = false })},
		{name: "a fix that is unpacked only", files: map[string]string{dpkgStatus: strings.NewReplacer("1.0", "1.1", "ok installed", "ok half-configured").Replace(oneInstalled),
			labLists + "-updates_main_binary-amd64_Packages": "-", aptSources: "deb http://lab.example/debian bookworm-security main\n"},
			want: with(func(u *Update) {
				u.Installed, u.Candidate, u.Source, u.Unconfigured = "1.1", "1.1", "Debian-Security:12/oldstable-security", true
			})},
		{name: "no source", files: map[string]string{aptSources: "# nothing\n"}, is: ErrNoSource},
		{name: "no security source", files: map[string]string{aptSources: "deb http://lab.example/debian bookworm-updates main\n"}, is: ErrNoSecuritySource,
			want: with(func(u *Update) { u.Security = false })},
		{name: "no index at all", files: map[string]string{aptSources: "deb http://other.example/debian x main\n"}, is: ErrNoIndex},
		{name: "an index missing", files: map[string]string{securityIndex: "-"}, is: errNotFetched, says: "http://lab.example/debian bookworm-security main",
			want: with(func(u *Update) { u.Security = false })},
		{name: "a release missing", files: map[string]string{securityIndex: "-", securityList: "-"}, is: errNotFetched, says: "http://lab.example/debian bookworm-security main",
			want: with(func(u *Update) { u.Security = false })},
		{name: "a third party never fetched", files: map[string]string{aptSourcesParts + "/x.sources": "Types: deb\nURIs: http://third.example\nSuites: x\nComponents: main\n"},
			is: errNotFetched, says: "http://third.example x main", want: []Update{usual}},
		{name: "an empty index that apt does not fetch", files: map[string]string{securityIndex: "-", securityList: labRelease + " aa 0 main/binary-amd64/Packages\n"},
			want: with(func(u *Update) { u.Security = false })},
		{name: "no such component", files: map[string]string{aptSources: "deb http://lab.example/debian bookworm-security mian\n"}, says: "has no component mian"},
		{name: "expired", files: map[string]string{securityList: strings.Replace(labRelease, "SHA256", "Valid-Until: Fri, 20 Nov 2026 00:12:41 UTC\nSHA256", 1) + " aa 51 main/binary-amd64/Packages\n"},
			says: "http://lab.example/debian bookworm-security expired on 2026-11-20", want: with(func(u *Update) { u.Security = false })},
		{name: "expired, and told not to care", files: map[string]string{aptConf: "Acquire::Check-Valid-Until \"false\";",
			securityList: strings.Replace(labRelease, "SHA256", "Valid-Until: Fri, 20 Nov 2026 00:12:41 UTC\nSHA256", 1) + " aa 51 main/binary-amd64/Packages\n"}, want: []Update{usual}},
		{name: "index cut", files: map[string]string{securityIndex: stanza[:30]}, says: securityIndex},
		{name: "index is a web page", files: map[string]string{securityIndex: "<html>\n"}, says: "entry 1 names no package"},
		{name: "index in gz", files: map[string]string{securityIndex: "-", securityIndex + ".gz": packed(stanza, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })}, want: []Update{usual}},
		{name: "index in lz4", files: map[string]string{securityIndex: "-", securityIndex + ".lz4": packed(stanza, func(w io.Writer) io.WriteCloser { return lz4.NewWriter(w) })}, want: []Update{usual}},
		{name: "index in xz", files: map[string]string{securityIndex: "-", securityIndex + ".xz": packed(stanza, func(w io.Writer) io.WriteCloser { x, _ := xz.NewWriter(w); return x })}, want: []Update{usual}},
		{name: "index in zst", files: map[string]string{securityIndex: "-", securityIndex + ".zst": packed(stanza, func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z })}, want: []Update{usual}},
		{name: "gz cut", files: map[string]string{securityIndex: "-", securityIndex + ".gz": packed(stanza, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })[:20]}, is: io.ErrUnexpectedEOF},
		{name: "gz empty", files: map[string]string{securityIndex: "-", securityIndex + ".gz": ""}, is: io.ErrUnexpectedEOF},
		{name: "xz is junk", files: map[string]string{securityIndex: "-", securityIndex + ".xz": "hello world, hello"}, says: securityIndex + ".xz"},
		{name: "lzma", files: map[string]string{securityIndex: "-", securityIndex + ".lzma": "x"}, says: "not read here"},
		{name: "a source that cannot be read", files: map[string]string{aptSources: "deb\n"}, says: "/etc/apt/sources.list line 1 has no address"},
		{name: "a pin that cannot be read", files: map[string]string{aptPreferences: "junk\n"}, says: "/etc/apt/preferences line 1 is not a field"},
		{name: "told to look elsewhere", files: map[string]string{aptConf: "Dir::Etc::SourceParts \"/srv/sources\";"}, says: "apt is told by dir::etc::sourceparts to look elsewhere"},
		{name: "a setting that cannot be read", files: map[string]string{aptConf: "\""}, says: "/etc/apt/apt.conf line 1"},
		{name: "a release that cannot be read", files: map[string]string{securityList: "\x00"}, says: securityList + " line 1"},
		{name: "a status that cannot be read", files: map[string]string{dpkgStatus: "x"}, says: dpkgStatus + " line 1"},
		{name: "another's suite of that name", files: map[string]string{securityList: strings.ReplaceAll(strings.Replace(labRelease, "Debian\n", "Example\n", 1), "Debian-", "Example-") + " aa 51 main/binary-amd64/Packages\n"},
			is: ErrNoSecuritySource, want: with(func(u *Update) { u.Security = false })},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			files := labFiles()
			maps.Copy(files, row.files)
			maps.DeleteFunc(files, func(_, text string) bool { return text == "-" })
			updates, err := debMachine(t, files).Pending(context.Background())
			assert.Equal(t, row.want, updates.List)
			if row.is == nil && row.says == "" {
				require.NoError(t, err)
				return
			}
			require.Error(t, err)
			if row.is != nil {
				require.ErrorIs(t, err, row.is)
			}
			require.ErrorContains(t, err, row.says)
			assert.NotContains(t, err.Error(), "u:p@")
		})
	}
}

func packed(text string, by func(io.Writer) io.WriteCloser) string {
	var out bytes.Buffer
	w := by(&out)
	if _, err := w.Write([]byte(text)); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.String()
}

func TestPendingPhased(t *testing.T) {
	t.Parallel()
	const suite = aptLists + "/u_dists_noble"
	release := "Origin: Ubuntu\nLabel: Ubuntu\nSuite: noble%\nVersion: 24.04\nCodename: noble\nArchitectures: amd64\nComponents: main\n"
	stanza := "Package: lab-web\nArchitecture: amd64\nVersion: 1.1\n"
	files := map[string]string{
		dpkgStatus:                    oneInstalled,
		aptSources:                    "deb http://u noble-updates main\ndeb http://u noble-security main\n",
		suite + "-updates_InRelease":  strings.Replace(release, "%", "-updates", 1) + "SHA256:\n aa 79 main/binary-amd64/Packages\n",
		suite + "-security_InRelease": strings.Replace(release, "%", "-security", 1),
		suite + "-updates_main_binary-amd64_Packages":  stanza + "Phased-Update-Percentage: 10\n",
		suite + "-security_main_binary-amd64_Packages": "",
	}
	ask := func(name, text string) []Update {
		files[name] = text
		updates, err := debMachine(t, files).Pending(context.Background())
		require.NoError(t, err)
		require.Len(t, updates.List, 1)
		return updates.List
	}
	assert.True(t, ask(dpkgStatus, oneInstalled)[0].Phased)
	assert.False(t, ask(aptConf, `APT::Get::Always-Include-Phased-Updates "1";`)[0].Phased)
	u := ask(suite+"-security_main_binary-amd64_Packages", stanza)[0]
	assert.False(t, u.Phased, "a security fix is never phased")
	assert.Equal(t, "Ubuntu:24.04/noble-updates, Ubuntu:24.04/noble-security", u.Source)
}

func TestPendingUbuntuPro(t *testing.T) {
	t.Parallel()
	const suite = aptLists + "/esm.ubuntu.com_infra_ubuntu_dists_focal-infra-security"
	files := labFiles()
	files[aptSourcesParts+"/ubuntu-esm-infra.list"] = "deb https://esm.ubuntu.com/infra/ubuntu focal-infra-security main\n"
	files[suite+"_InRelease"] = "Origin: UbuntuESM\nLabel: UbuntuESM\nSuite: focal-infra-security\nVersion: 20.04\nCodename: focal\n"
	files[suite+"_main_binary-amd64_Packages"] = "Package: lab-web\nArchitecture: amd64\nVersion: 2.0\n"
	updates, err := debMachine(t, files).Pending(context.Background())
	require.NoError(t, err)
	assert.Equal(t, "1.2", updates.List[0].Candidate, "not attached")
	files[proToken] = "{}"
	updates, err = debMachine(t, files).Pending(context.Background())
	require.NoError(t, err)
	assert.Equal(t, "2.0", updates.List[0].Candidate, "attached")
}
