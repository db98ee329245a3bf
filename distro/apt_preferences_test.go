package distro

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParsePreferences(t *testing.T) {
	t.Parallel()
	pins, err := parsePreferences("f", []byte(`# ours
Explanation: why
Package: *
Pin: release a=stable, o=Debian
Pin-Priority: 700

Package: lab-* /^libfoo/
Pin: origin "repo.example"
Pin-Priority: -1

Package: nothing

Package: *
Pin: release o=UbuntuESM
Pin-Priority: never
`))
	require.NoError(t, err)
	require.Len(t, pins, 3)
	assert.Empty(t, pins[0].packages)
	assert.Equal(t, 700, pins[0].priority)
	assert.Len(t, pins[1].packages, 2)
	assert.Equal(t, neverPin, pins[2].priority)
	for text, fault := range map[string]string{
		"Pin: version 1\nPin-Priority: 1\n":                    "f line 1 begins a pin without a package",
		"Package: a\nPin: version 1\n":                         "f line 1 begins a pin without a priority that apt takes",
		"Package: a\nPin: version 1\nPin-Priority: 0\n":        "f line 1 begins a pin without a priority that apt takes",
		"Package: a\nPin: version 1\nPin-Priority: 99999\n":    "f line 1 begins a pin without a priority that apt takes",
		"Package: a\nPin: version 1\nPin-Priority: never\n":    "f line 1 begins a pin without a priority that apt takes",
		"Package: a\nPin: colour blue\nPin-Priority: 1\n":      "f line 1 begins a pin of a kind that apt does not know",
		"Package: *\nPin: version 1\nPin-Priority: 1\n":        "f line 1 begins a pin of a kind that apt does not know",
		"Package: /(/\nPin: version 1\nPin-Priority: 1\n":      "f line 1 begins a pin with a pattern that cannot be read",
		"Package: a\nPin: version /(/\nPin-Priority: 1\n":      "f line 1 begins a pin with a pattern that cannot be read",
		"Package: a\nPin: release a=[\xff]\nPin-Priority: 1\n": "f line 1 begins a pin with a pattern that cannot be read",
		"Package a\n": "f line 1 is not a field",
	} {
		_, err := parsePreferences("f", []byte(text))
		assert.EqualError(t, err, fault)
	}
}

func TestPinMatches(t *testing.T) {
	t.Parallel()
	index := &aptIndex{
		release:   aptRelease{origin: "Debian", label: "Debian-Security", suite: "oldstable-security", codename: "bookworm-security", version: "12.1"},
		source:    aptSource{uri: "http://deb.example:80/debian/"},
		component: "main", arch: "amd64",
	}
	status := &aptIndex{status: true}
	for _, row := range []struct {
		pin             string
		matches, status bool
	}{
		{"release o=Debian", true, false},
		{"release o=debian,l=Debian-Security", true, false},
		{"release o=Debian,l=Debian", false, false},
		{"release a=oldstable-*", true, false},
		{"release a=oldstable", false, false},
		{"release n=bookworm-security,c=main,b=amd64", true, false},
		{"release c=contrib", false, false},
		{"release bookworm-security", true, false},
		{"release oldstable-security", true, false},
		{"release 12*", true, false},
		{"release v=12.1", true, false},
		{"release v=12", false, false},
		{"release *", true, true},
		{"release a=now", false, true},
		{"release x=y", false, false},
		{"release /^bookworm-(security|updates)$/", true, false},
		{`origin "deb.example"`, true, false},
		{"origin *.example", true, false},
		{"origin other", false, false},
		{`origin ""`, false, false},
	} {
		var pin aptPin
		require.Empty(t, pin.setKind(row.pin, true), row.pin)
		assert.Equal(t, row.matches, pin.matchesIndex(index), row.pin)
		assert.Equal(t, row.status, pin.matchesIndex(status), "status: "+row.pin)
	}
}

func TestShellPattern(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		pattern, name string
		want          bool
	}{
		{"linux-*", "linux-image/x", true}, {"lib?1", "libA1", true}, {"lib[ab]", "liba", true}, {"lib[!ab]", "liba", false},
		{"lib[!ab]", "libc", true}, {"lib[", "lib[", true}, {"lib[]x]", "lib]", true}, {"a.c*", "abc", false}, {"LIB*", "libx", true}, {"[a", "[a", true},
	} {
		p, err := compilePattern(row.pattern)
		require.NoError(t, err, row.pattern)
		assert.Equal(t, row.want, p.matches(row.name), row)
	}
}

func FuzzPreferences(f *testing.F) {
	f.Add([]byte("Package: a:any src:b* /c/\nPin: release o=x,n=[!y]\nPin-Priority: 990\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		pins, err := parsePreferences("f", data)
		var line LineError
		if err != nil {
			require.ErrorAs(t, err, &line)
		}
		policy := aptPolicy{pins: pins, native: "amd64"}
		index := &aptIndex{release: aptRelease{origin: "x"}}
		index.priority = policy.indexPriority(index)
		offer := &debOffer{from: []*aptIndex{index}}
		policy.candidate(&debPackage{key: debKey{"a", "amd64"}, versions: []*debOffer{offer}})
	})
}
