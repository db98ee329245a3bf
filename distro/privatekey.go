package distro

import (
	"bytes"
	"strings"
)

// labelLength is more than the longest label between BEGIN and the dashes.
const labelLength = 40

// PrivateKeyKind returns what kind of private key data holds anywhere in it
// ("OpenSSH private key"), empty where it holds none. It goes by the headers that
// the formats begin with, so that a key that is cut off, encrypted or pasted into
// another file is recognised too.
func PrivateKeyKind(data []byte) string {
	data = bytes.ReplaceAll(data, []byte{0}, nil) // UTF-16, as editors on Windows write
	if at := bytes.Index(data, []byte("PuTTY-User-Key-File-")); at == 0 || at > 0 && !word(data[at-1]) {
		return "PuTTY private key"
	}
	if bytes.Contains(data, []byte("SSH PRIVATE KEY FILE FORMAT 1.1")) {
		return "SSH 1 private key"
	}
	for {
		before, rest, found := bytes.Cut(data, []byte("BEGIN "))
		if !found {
			return ""
		}
		data = rest
		if !bytes.HasSuffix(bytes.TrimSuffix(before, []byte(" ")), []byte("----")) {
			continue
		}
		label, _, _ := bytes.Cut(rest[:min(len(rest), labelLength)], []byte("-"))
		if kind := labelKind(string(bytes.TrimSpace(label))); kind != "" {
			return kind
		}
	}
}

func word(c byte) bool { return c == '-' || c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// labelKind names the key by the label between BEGIN and the dashes.
func labelKind(label string) string {
	switch label {
	case "OPENSSH PRIVATE KEY":
		return "OpenSSH private key"
	case "RSA PRIVATE KEY", "DSA PRIVATE KEY", "EC PRIVATE KEY":
		return "PEM " + label[:len(label)-len("PRIVATE KEY")] + "private key"
	case "PRIVATE KEY":
		return "PKCS#8 private key"
	case "ENCRYPTED PRIVATE KEY":
		return "encrypted PKCS#8 private key"
	case "SSH2 ENCRYPTED PRIVATE KEY", "SSH2 PRIVATE KEY":
		return "ssh.com private key"
	case "PGP PRIVATE KEY BLOCK":
		return "PGP private key"
	}
	if strings.HasSuffix(label, "PRIVATE KEY") {
		return "private key"
	}
	return ""
}
