package distro

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"unicode/utf8"
)

// AuthorizedKey is one key of an authorized_keys file. The key itself is not kept.
type AuthorizedKey struct {
	Line int // from 1
	// Type is as the file has it ("ssh-ed25519").
	Type string
	// Fingerprint is as ssh-keygen -l shows it ("SHA256:…").
	Fingerprint string
	// Comment is at most 100 characters long.
	Comment string
	// CertAuthority: the key signs keys that may log in.
	CertAuthority bool
}

// commentLength bounds what is shown of a comment.
const commentLength = 100

// ParseAuthorizedKeys returns the keys of an authorized_keys file, in the order of
// their lines. A line that holds no key is passed over, as sshd does.
func ParseAuthorizedKeys(data []byte) []AuthorizedKey {
	var keys []AuthorizedKey
	for i, line := range lines(data) {
		line = strings.Trim(line, blanks)
		if line == "" || line[0] == '#' {
			continue
		}
		key, found := parseKey(line)
		if !found {
			options, rest := cutKeyOptions(line)
			key, found = parseKey(rest)
			key.CertAuthority = certAuthority(options)
		}
		if found {
			key.Line = i + 1
			keys = append(keys, key)
		}
	}
	return keys
}

// parseKey reads "TYPE BASE64 COMMENT". As for sshd, a key must name its type
// inside too.
func parseKey(text string) (AuthorizedKey, bool) {
	kind, rest := cutWord(text)
	encoded, comment := cutWord(rest)
	blob, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(encoded, "="))
	if err != nil || len(blob) < 4 {
		return AuthorizedKey{}, false
	}
	length := binary.BigEndian.Uint32(blob)
	if kind == "" || uint64(length) != uint64(len(kind)) || !strings.HasPrefix(string(blob[4:]), kind) {
		return AuthorizedKey{}, false
	}
	sum := sha256.Sum256(blob)
	return AuthorizedKey{
		Type:        kind,
		Fingerprint: "SHA256:" + base64.RawStdEncoding.EncodeToString(sum[:]),
		Comment:     shortened(comment, commentLength),
	}, true
}

// cutWord splits text after its first word.
func cutWord(text string) (word, rest string) {
	end := strings.IndexAny(text, blanks)
	if end < 0 {
		return text, ""
	}
	return text[:end], strings.TrimLeft(text[end:], blanks)
}

// cutKeyOptions splits off the options before a key, which end at the first blank
// that is not inside double quotes.
func cutKeyOptions(line string) (options, rest string) {
	quoted := false
	for i := 0; i < len(line); i++ {
		switch {
		case strings.HasPrefix(line[i:], `\"`):
			i++
		case line[i] == '"':
			quoted = !quoted
		case !quoted && strings.IndexByte(blanks, line[i]) >= 0:
			return line[:i], strings.TrimLeft(line[i:], blanks)
		}
	}
	return line, ""
}

func certAuthority(options string) bool {
	for options != "" {
		end := optionEnd(options)
		if strings.EqualFold(options[:end], "cert-authority") {
			return true
		}
		options = strings.TrimPrefix(options[end:], ",")
	}
	return false
}

// optionEnd returns where the first option ends: at a comma outside of quotes.
func optionEnd(options string) int {
	quoted := false
	for i := 0; i < len(options); i++ {
		switch {
		case strings.HasPrefix(options[i:], `\"`):
			i++
		case options[i] == '"':
			quoted = !quoted
		case options[i] == ',' && !quoted:
			return i
		}
	}
	return len(options)
}

// shortened cuts text to at most n characters.
func shortened(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:n-1]) + "…"
}
