package distro

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseAptConf(t *testing.T) {
	t.Parallel()
	config := aptConfig{}
	require.NoError(t, parseAptConf("x", []byte(`// comment
# comment
APT::Default-Release "stable"; /* a "comment"; */
APT { Architectures { "amd64"; "i386"; }; Get { Always-Include-Phased-Updates "yes" ; } };
Acquire::Check-Valid-Until false;
APT::NeverAutoRemove:: "^x$";
DPkg::Post-Invoke {"if [ -d /x ]; then y; fi";};
`), config))
	assert.Equal(t, "stable", config.last("apt::DEFAULT-release"))
	assert.Equal(t, []string{"amd64", "i386"}, config["apt::architectures"])
	assert.True(t, isTrue(config.last("APT::Get::Always-Include-Phased-Updates")))
	assert.True(t, isFalse(config.last("Acquire::Check-Valid-Until")))
	assert.Equal(t, []string{"^x$"}, config["apt::neverautoremove"])
	for text, fault := range map[string]string{
		`APT "x`:       "x line 1 has a quote that is not closed",
		"\nAPT {":      "x line 2 ends in the middle of a setting",
		"APT \"x\"":    "x line 1 ends in the middle of a setting",
		"}":            "x line 1 closes a brace that is not open",
		"A\x00 \"b\";": "x line 1 is not text",
	} {
		assert.EqualError(t, parseAptConf("x", []byte(text), aptConfig{}), fault)
	}
}

func TestParseSourcesList(t *testing.T) {
	t.Parallel()
	const file = "/etc/apt/sources.list"
	for _, row := range []struct {
		text string
		want []string // URI, suite and components of each
		bad  string
	}{
		{"# deb http://a x main\n\n", nil, ""},
		{"deb http://user:secret@a.example/debian bookworm main contrib # note\n", []string{"http://user:secret@a.example/debian/ bookworm main contrib"}, ""},
		{"deb-src http://a x main\ndeb\thttp://a\tx\tmain\r\n", []string{"http://a/ x main"}, ""},
		{"deb [ arch=amd64,i386 signed-by=/k trusted=yes ] http://a x main\n", []string{"http://a/ x main"}, ""},
		{"deb [arch=amd64] file:/opt/repo ./\n", []string{"file:/opt/repo/ ./"}, ""},
		{"deb cdrom:[Debian GNU/Linux 9 _Stretch_]/ stretch main\n", []string{"cdrom:[Debian GNU/Linux 9 _Stretch_]/ stretch main"}, ""},
		{"deb http://security.debian.org buster/updates main\n", []string{"http://security.debian.org/ buster/updates main"}, ""},
		{"rpm http://a x main\n", nil, "line 1 is of a type that apt does not know"},
		{"\ndeb http://a x\n", nil, "line 2 has no component"},
		{"deb http://a\n", nil, "line 1 has no suite"},
		{"deb nothing x main\n", nil, "line 1 has no address"},
		{"deb http://a ./ main\n", nil, "line 1 has components where the suite is a path"},
		{"deb [arch] http://a x main\n", nil, "line 1 has options that cannot be read"},
		{"deb [arch=amd64 http://a x main\n", nil, "line 1 has options that cannot be read"},
		{"deb http://a x m\x00\n", nil, "line 1 is not text"},
	} {
		sources, err := parseSourcesList(file, []byte(row.text))
		if row.bad != "" {
			require.EqualError(t, err, file+" "+row.bad)
			continue
		}
		require.NoError(t, err, row.text)
		assert.Equal(t, row.want, placesOf(sources))
	}
}

func placesOf(sources []aptSource) []string {
	var places []string
	for _, s := range sources {
		places = append(places, strings.Join(append([]string{s.uri, s.suite}, s.components...), " "))
	}
	return places
}

func TestParseSourcesStanzas(t *testing.T) {
	t.Parallel()
	sources, err := parseSourcesStanzas("f", []byte(`# by the installer
Types: deb deb-src
URIs: http://a/debian http://b/debian/
Suites: x x-updates
Components: main
  contrib
# note
Architectures: amd64
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 -----END PGP PUBLIC KEY BLOCK-----

Enabled: no
Types: deb
URIs: http://off
Suites: x
Components: main

types: deb-src
URIs: http://src

Types: deb
URIs: file:/opt/repo
Suites: ./
Check-Valid-Until: no
`))
	require.NoError(t, err)
	assert.Equal(t, []string{
		"http://a/debian/ x main contrib", "http://a/debian/ x-updates main contrib",
		"http://b/debian/ x main contrib", "http://b/debian/ x-updates main contrib", "file:/opt/repo/ ./",
	}, placesOf(sources))
	assert.Equal(t, []string{"amd64"}, sources[0].archs)
	assert.Equal(t, "no", sources[4].checkValidUntil)
	for text, fault := range map[string]string{
		"URIs: http://a\n":                                       "f line 1 begins a source that has no type",
		"\nTypes: rpm\n":                                         "f line 2 begins a source that is of a type that apt does not know",
		"Types: deb\nSuites: x\n":                                "f line 1 begins a source that has no address",
		"Types: deb\nURIs: http://a\n":                           "f line 1 begins a source that has no suite",
		"Types: deb\nURIs: http://a\nSuites: x\n":                "f line 1 begins a source that has no component",
		"Types: deb\nURIs: a\nSuites: x\nComponents: y\n":        "f line 1 begins a source that has no address",
		"Types: deb\nURIs http://a\n":                            "f line 2 is not a field",
		"Types: deb\nURIs: b:a\nSuites: x/\nComponents: a b\n\n": "f line 1 begins a source that has components where the suite is a path",
	} {
		_, err := parseSourcesStanzas("f", []byte(text))
		assert.EqualError(t, err, fault)
	}
}

func TestListFile(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]aptSource{
		"deb.debian.org_debian_dists_bookworm_InRelease":           {uri: "http://deb.debian.org/debian/", suite: "bookworm"},
		"esm.ubuntu.com_infra_ubuntu_dists_x-infra_InRelease":      {uri: "https://bearer:t@esm.ubuntu.com/infra/ubuntu/", suite: "x-infra"},
		"security.debian.org_dists_buster_updates_InRelease":       {uri: "http://security.debian.org/", suite: "buster/updates"},
		"_opt_my%5frepo_._InRelease":                               {uri: "file:/opt/my_repo/", suite: "./"},
		"_srv_repo_dists_x_InRelease":                              {uri: "file:///srv/repo/", suite: "x"},
		"_etc_apt_mirrors_debian.list_dists_x_InRelease":           {uri: "mirror+file:///etc/apt/mirrors/debian.list/", suite: "x"},
		"localhost:8080_a%7eb_InRelease":                           {uri: "http://localhost:8080/a~b/", suite: "/"},
		"ppa.launchpadcontent.net_u_p%2b_ubuntu_dists_x_InRelease": {},
	} {
		if s.uri == "" {
			continue // a plus stays as it is
		}
		assert.Equal(t, aptLists+"/"+want, s.listFile("InRelease"))
	}
	assert.Equal(t, "http://a.example/d suite", aptSource{uri: "http://u:p@a.example/d/", suite: "suite"}.String())
	assert.Equal(t, "E: Failed to fetch https://h/x  403", withoutCredentials("E: Failed to fetch https://h/x?token=secret  403"))
	assert.Equal(t, "E: https://h/x and http://i", withoutCredentials("E: https://user:p@ss@h/x and http://u@i"))
}

func TestParseRelease(t *testing.T) {
	t.Parallel()
	body := "Origin: Debian\nLabel: Debian-Security\nSuite: oldstable-security\nVersion: 12\nCodename: bookworm-security\n" +
		"Valid-Until: Fri,  7 Nov 2025 8:00:41 UTC\nArchitectures: all amd64\nComponents: updates/main\nSHA256:\n" +
		" aa 852225 main/binary-all/Packages\n bb 0 main/binary-amd64/Packages\n cc 12 main/source/Sources.xz\n"
	signed := "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n" + body + "-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\n"
	for _, text := range []string{body, signed} {
		r, err := parseRelease("f", []byte(text))
		require.NoError(t, err)
		assert.Equal(t, "Debian-Security:12/oldstable-security", r.String())
		assert.Equal(t, time.Date(2025, 11, 7, 8, 0, 41, 0, time.UTC), r.validUntil)
		assert.Equal(t, map[string]int64{"main/binary-all/Packages": 852225, "main/binary-amd64/Packages": 0}, r.sizes)
		assert.True(t, r.allIndex)
		assert.True(t, r.hasComponent("main"))
		assert.False(t, r.hasComponent("contrib"))
		_, security := r.securityRule()
		assert.True(t, security)
	}
	for text, fault := range map[string]string{
		"":                          "f line 1 holds no release",
		signed[:len(signed)-70]:     "f line 1 holds no release",
		"Valid-Until: soon\n":       "f line 1 begins a release with a Valid-Until that is no date",
		"SHA256:\n aa x Packages\n": "f line 1 begins a release whose SHA256 list has a size that is no number",
		"SHA256:\n aa Packages\n":   "f line 1 begins a release whose SHA256 list cannot be read",
		"A: b\n\nC: d\n":            "f line 3 is not the end of the release",
		"<html>\n":                  "f line 1 is not a field",
	} {
		_, err := parseRelease("f", []byte(text))
		assert.EqualError(t, err, fault)
	}
}

func TestSecurityOrigin(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		release aptRelease
		shown   string
		want    bool
	}{
		{aptRelease{origin: "Debian", label: "Debian-Security", suite: "oldstable", codename: "buster", version: "10"}, "", true},
		{aptRelease{origin: "Debian", label: "Debian", suite: "stable-security", codename: "x-security"}, "", false},
		{aptRelease{origin: "Example", label: "Example-Security", suite: "stable-security", codename: "x-security"}, "", false},
		{aptRelease{origin: "Ubuntu", label: "Ubuntu", suite: "noble-security", codename: "noble", version: "24.04"}, "", true},
		{aptRelease{origin: "Ubuntu", label: "Ubuntu", suite: "noble-updates", codename: "noble", version: "24.04"}, "", false},
		{aptRelease{origin: "LP-PPA-x", label: "Ubuntu Security", suite: "noble-security", codename: "noble"}, "", false},
		{aptRelease{origin: "UbuntuESM", label: "UbuntuESM", suite: "focal-infra-security", codename: "focal"}, "", true},
		{aptRelease{origin: "UbuntuESM", label: "UbuntuESM", suite: "focal-infra-updates", codename: "focal"}, "", false},
		{aptRelease{origin: "UbuntuESMApps", label: "UbuntuESMApps", suite: "focal-apps-security", codename: "focal"}, "", true},
	} {
		_, security := row.release.securityRule()
		assert.Equal(t, row.want, security, row.release.String())
		assert.Equal(t, row.want, looksLikeSecurity(row.release.String()), row.release.String())
	}
	assert.False(t, looksLikeSecurity("localhost"))
	assert.False(t, looksLikeSecurity(""))
}

func TestScanIndex(t *testing.T) {
	t.Parallel()
	index := "Package: a\nArchitecture: amd64\nVersion: 1\nPhased-Update-Percentage: 10\n\n\n" +
		"Architecture: all\nPackage: b\nVersion: 2\nSource: s (3)\n\nPackage: c\nArchitecture: all\nVersion: 4\n"
	for _, reader := range []io.Reader{strings.NewReader(index), iotest.OneByteReader(strings.NewReader(index)), iotest.DataErrReader(strings.NewReader(index))} {
		var found []indexEntry
		size, err := scanIndex(reader, func(s []byte) bool { return !bytes.HasPrefix(s, []byte("Package: c")) }, func(e indexEntry) { found = append(found, e) })
		require.NoError(t, err)
		assert.Equal(t, int64(len(index)), size)
		require.Len(t, found, 2)
		assert.Equal(t, 10, found[0].phased)
		name, version := found[1].sourcePackage()
		assert.Equal(t, "s 3", name+" "+version)
	}
	for text, fault := range map[string]string{
		"Package: a\nVers":           "entry 1 is cut off",
		"<html>\n":                   "entry 1 names no package",
		oneOffered + "<html>\n\n":    "entry 2 names no package",
		"Package: a\nVersion: 1\n":   "entry 1 lacks name, architecture or version",
		"Package: a\nb\n":            "entry 1 cannot be read",
		"Package: a\x00\nVersion: 1": "entry 1 is cut off",
		"Package: a\nArchitecture: x\nVersion: 1\nPhased-Update-Percentage: 101\n": "entry 1 has a phased update percentage that is none",
	} {
		_, err := scanIndex(strings.NewReader(text), func([]byte) bool { return true }, func(indexEntry) {})
		assert.EqualError(t, err, fault)
	}
	endless := io.MultiReader(strings.NewReader("Package: a\n"), io.LimitReader(zeros{}, 1<<30))
	_, err := scanIndex(endless, func([]byte) bool { return true }, func(indexEntry) {})
	assert.EqualError(t, err, "entry 1 is too long")
	endless = io.LimitReader(&again{text: []byte("Package: a\nDescription:" + strings.Repeat(" x", 1<<20) + "\n\n")}, 1<<30)
	_, err = scanIndex(endless, func([]byte) bool { return false }, func(indexEntry) {})
	assert.ErrorContains(t, err, "is beyond what an index may hold")
}

// again reads its text over and over.
type again struct {
	text []byte
	at   int
}

func (a *again) Read(p []byte) (int, error) {
	n := copy(p, a.text[a.at:])
	a.at = (a.at + n) % len(a.text)
	return n, nil
}

const oneOffered = "Package: a\nArchitecture: all\nVersion: 1\n\n"

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestParseDepends(t *testing.T) {
	t.Parallel()
	assert.Equal(t, [][]dependency{
		{{"libc6", ">=", "2.34"}}, {{"a", "", ""}, {"b", "<<", "2"}}, {{"python3", "", ""}},
	}, parseDepends("libc6 (>= 2.34), a | b (<< 2), python3:any,"))
	for _, row := range []struct {
		relation, have string
		want           bool
	}{
		{"", "", true}, {">=", "", false}, {">=", "2", true}, {">=", "1", false}, {"<<", "1", true}, {"<<", "2", false},
		{"=", "2", true}, {"=", "2-1", false}, {">>", "2-1", true}, {">>", "2", false}, {"<=", "2", true}, {"<=", "3", false}, {">=", "?", true},
	} {
		assert.Equal(t, row.want, dependency{"x", row.relation, "2"}.metBy(row.have), row)
	}
}

func TestDebVersion(t *testing.T) {
	t.Parallel()
	inOrder := []string{"0~~", "0~", "0", "1~rc1", "1", "1-0ubuntu1", "1-1~bpo1", "1-1", "1-1+b1", "1-1.1", "1.0a", "1.0+x", "1.9", "1.10", "1:0.1", "2:0"}
	for i := range inOrder[1:] {
		a, err := parseDebVersion(inOrder[i])
		require.NoError(t, err)
		b, err := parseDebVersion(inOrder[i+1])
		require.NoError(t, err)
		assert.Negative(t, a.compare(b), "%s < %s", a.text, b.text)
		assert.Positive(t, b.compare(a), "%s > %s", b.text, a.text)
	}
	for _, bad := range []string{"", "a", "x:1", "1 2", "1.20240101000000000000001"} {
		_, err := parseDebVersion(bad)
		assert.Error(t, err, bad)
	}
}
