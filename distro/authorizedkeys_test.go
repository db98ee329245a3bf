package distro

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The fingerprints are ssh-keygen's.
const (
	ed25519Key  = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbzzHYDNBgKSKoFkR5ET2EjTX4qxKWs9G5dnsAIwqhu"
	ed25519Mark = "SHA256:/fBnrR+Xl3jP/4LqB7lJCEsu8tR0seRqASFXWrzX42U"
	ecdsaKey    = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEaicXKL50719JhphIY03K7yauePg2jRSf3v7BKneaA+" +
		"PtsOEhGG70AAFOTOKKO+nAl2jwI0XYOQ1xAGpIGBKpQ="
	ecdsaMark = "SHA256:LFS54rfJuORcufWlkDr6xWaySn3CfN+Lrp8nzxmNp/M"
)

func TestParseAuthorizedKeys(t *testing.T) {
	ed := AuthorizedKey{Line: 1, Type: "ssh-ed25519", Fingerprint: ed25519Mark}
	ec := AuthorizedKey{Line: 1, Type: "ecdsa-sha2-nistp256", Fingerprint: ecdsaMark}
	with := func(k AuthorizedKey, comment string, authority bool) []AuthorizedKey {
		k.Comment, k.CertAuthority = comment, authority
		return []AuthorizedKey{k}
	}
	for line, want := range map[string][]AuthorizedKey{
		ed25519Key: with(ed, "", false),
		" \t" + ed25519Key + "  me@home  and more\r": with(ed, "me@home  and more", false),
		ecdsaKey + " c":                   with(ec, "c", false),
		strings.TrimSuffix(ecdsaKey, "="): with(ec, "", false),
		"no-pty " + ed25519Key:            with(ed, "", false),
		`command="echo \"a b\", ssh-rsa",no-pty ` + ed25519Key + " x": with(ed, "x", false),
		`from="*,!x",Cert-Authority ` + ed25519Key:                    with(ed, "", true),
		`command="a,cert-authority,b" ` + ed25519Key:                  with(ed, "", false),
		ed25519Key + " " + strings.Repeat("é", 101):                   with(ed, strings.Repeat("é", 99)+"…", false),
		"#" + ed25519Key:                                         nil,
		"no-pty no-pty " + ed25519Key:                            nil,
		`command="open ` + ed25519Key:                            nil,
		strings.Replace(ed25519Key, "ssh-ed25519", "ssh-rsa", 1): nil,
		ed25519Key[:40] + "*" + ed25519Key[41:]:                  nil,
		"ssh-ed25519 AAAA":                                       nil,
		"ssh-ed25519":                                            nil,
		"":                                                       nil,
	} {
		assert.Equal(t, want, ParseAuthorizedKeys([]byte(line)), line)
	}
	keys := ParseAuthorizedKeys([]byte("\n" + ed25519Key + "\r\nrubbish\n" + ecdsaKey))
	assert.Equal(t, []int{2, 4}, []int{keys[0].Line, keys[1].Line})
}

func FuzzAuthorizedKeys(f *testing.F) {
	f.Add([]byte(`command="a \" b",cert-authority ` + ed25519Key + " me\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, k := range ParseAuthorizedKeys(data) {
			if k.Line < 1 || k.Type == "" || len(k.Fingerprint) != len(ed25519Mark) || len([]rune(k.Comment)) > commentLength {
				t.Errorf("%+v", k)
			}
		}
	})
}
