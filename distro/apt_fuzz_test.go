package distro

import (
	"bytes"
	"strings"
	"testing"
	"testing/iotest"
)

func FuzzPackagesIndex(f *testing.F) {
	f.Add([]byte("Package: a\nArchitecture: amd64\nVersion: 1\nDepends: b (>= 2) | c, d\nProvides: x (= 1)\n\nPackage: b\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		size, err := scanIndex(iotest.HalfReader(bytes.NewReader(data)), func([]byte) bool { return true }, func(e indexEntry) {
			for _, group := range parseDepends(e.depends + "," + e.provides) {
				supply{group[0].name: {e.version}}.meets(group)
			}
		})
		if err == nil && size != int64(len(data)) {
			t.Fatal("not read to its end")
		}
	})
}

func FuzzAptSources(f *testing.F) {
	f.Add([]byte("deb [arch=amd64] http://u:p@a/b x main # c\n"))
	f.Add([]byte("Types: deb\nURIs: http://a\nSuites: x\nComponents: main\n\n"))
	f.Add([]byte("APT { Get \"x\"; };"))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, _ := parseSourcesList("f", data)
		b, _ := parseSourcesStanzas("f", data)
		for _, s := range append(a, b...) {
			if name := s.forArch("amd64").listFile("Release"); strings.Contains(name[len(aptLists)+1:], "/") {
				t.Fatalf("%q leaves the folder", name)
			}
		}
		_ = parseAptConf("f", data, aptConfig{})
		_, _ = parseRelease("f", data)
	})
}
