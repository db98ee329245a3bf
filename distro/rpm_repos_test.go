package distro

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseRepoFile(t *testing.T) {
	sections, err := parseRepoFile("/r", []byte("# x\n\n[a b]\nName = One \nbaseurl=http://x\n\thttp://y\n ; no comment here\nname=Two\n[c]\r\n"))
	require.NoError(t, err)
	require.Len(t, sections, 2)
	assert.Equal(t, map[string]string{"name": "Two", "baseurl": "http://x\nhttp://y\n; no comment here"}, sections[0].values)
	assert.Equal(t, "(an odd name)", sections[0].source(nil).Name)
	assert.Equal(t, PackageSource{Name: "c", File: "/r", Line: 9}, sections[1].source(map[string]string{"gpgcheck": "yes"}))
	for text, want := range map[string]string{
		"[a\n":        "/r line 1 begins a section whose name is not closed",
		"a=b\n":       "/r line 1 stands before any section",
		"[a]\nsecret": "/r line 2 is not a setting",
	} {
		_, err := parseRepoFile("/r", []byte(text))
		assert.EqualError(t, err, want)
	}
}

func FuzzRepoFile(f *testing.F) {
	f.Add([]byte("[a]\nname=x\n y\n;z\n[b]\nbaseurl=file:///mnt/x, cdrom:y\ngpgcheck=0"))
	f.Add([]byte("[\x1b[31m]\n="))
	f.Fuzz(func(t *testing.T, data []byte) {
		sections, err := parseRepoFile("/r", data)
		if err != nil && (sections != nil || len(err.Error()) > 100) {
			t.Errorf("%d sections beside %v", len(sections), err)
		}
		for _, s := range sections {
			if p := s.source(nil); p.Line < 1 || strings.ContainsAny(p.Name, "\x1b\n") {
				t.Errorf("%+v", p)
			}
		}
	})
}
