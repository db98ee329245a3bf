package distro

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPrivateKeyKind(t *testing.T) {
	for text, want := range map[string]string{
		"-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n":                "OpenSSH private key",
		"-----BEGIN RSA PRIVATE KEY-----\r\nProc-Type: 4,ENCRYPTED":  "PEM RSA private key",
		"-----BEGIN EC PRIVATE KEY-----":                             "PEM EC private key",
		"-----BEGIN DSA PRIVATE KEY-----":                            "PEM DSA private key",
		"\ufeff-----BEGIN PRIVATE KEY-----\n":                        "PKCS#8 private key",
		"text before\n  -----BEGIN ENCRYPTED PRIVATE KEY-----":       "encrypted PKCS#8 private key",
		`{"key": "-----BEGIN PRIVATE KEY-----\nMII"}`:                "PKCS#8 private key",
		"-----BEGIN CERTIFICATE-----\n-----BEGIN EC PRIVATE KEY----": "PEM EC private key",
		"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: x":     "ssh.com private key",
		"-----BEGIN PGP PRIVATE KEY BLOCK-----":                      "PGP private key",
		"-----BEGIN TSS2 PRIVATE KEY-----":                           "private key",
		"PuTTY-User-Key-File-2: ssh-rsa\r\n":                         "PuTTY private key",
		"\ufeffPuTTY-User-Key-File-3: ssh-rsa":                       "PuTTY private key",
		"SSH PRIVATE KEY FILE FORMAT 1.1\n\x00\x00":                  "SSH 1 private key",
		"-\x00-\x00-\x00-\x00-\x00B\x00E\x00G\x00I\x00N\x00 \x00P\x00R\x00I\x00V\x00A\x00T\x00E\x00 \x00K\x00E\x00Y\x00-\x00": "PKCS#8 private key",
		"-----BEGIN PUBLIC KEY-----\n":                    "",
		"---- BEGIN SSH2 PUBLIC KEY ----":                 "",
		"-----BEGIN CERTIFICATE-----":                     "",
		"BEGIN PRIVATE KEY":                               "",
		"-----BEGIN " + strings.Repeat("x", 60) + "-----": "",
		"-----BEGIN ":                                     "",
		"":                                                "",
	} {
		assert.Equal(t, want, PrivateKeyKind([]byte(text)), "%q", text)
	}
}

func FuzzPrivateKeyKind(f *testing.F) {
	f.Add([]byte("-----BEGIN PRIVATE KEY-----"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if kind := PrivateKeyKind(data); len(kind) > len("encrypted PKCS#8 private key") {
			t.Error(kind)
		}
	})
}
