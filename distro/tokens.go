package distro

import (
	"bytes"
	"slices"
	"strings"
)

// tokenRule describes the tokens of one provider: what they begin with, which
// characters follow, and how many.
type tokenRule struct {
	kind     string
	prefixes []string
	body     charset
	// least and most bound the length of what follows the prefix; with most 0 there is no bound.
	least, most int
	// digit: what follows the prefix begins with one.
	digit bool
}

// tokenRules are the providers whose tokens can be told by their form alone. Their
// documents give the forms; nothing is guessed from how random a text looks.
func tokenRules() []tokenRule {
	return []tokenRule{
		// docs.digitalocean.com/reference/api/create-personal-access-token, and OAuth's
		{kind: "DigitalOcean token", prefixes: []string{"dop_v1_", "doo_v1_", "dor_v1_"}, body: lowerHex, least: 64, most: 64},
		// docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
		{kind: "AWS access key", prefixes: []string{"AKIA", "ASIA"}, body: base32, least: 16, most: 16},
		// github.blog/2021-04-05-behind-githubs-new-authentication-token-formats
		{kind: "GitHub token", prefixes: []string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_"}, body: alphanumeric, least: 36},
		{kind: "GitHub token", prefixes: []string{"github_pat_"}, body: identifier, least: 70},
		// docs.gitlab.com/security/tokens
		{kind: "GitLab token", prefixes: []string{"glpat-"}, body: identifier + "-", least: 20},
		// docs.slack.dev/authentication/tokens
		{kind: "Slack token", prefixes: []string{"xoxa-", "xoxb-", "xoxe-", "xoxp-", "xoxr-", "xoxs-"}, body: alphanumeric + "-", least: 20, digit: true},
		// docs.stripe.com/keys
		{kind: "Stripe live key", prefixes: []string{"sk_live_", "rk_live_"}, body: alphanumeric, least: 24},
		// github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format
		{kind: "npm token", prefixes: []string{"npm_"}, body: alphanumeric, least: 36, most: 36},
		// pypi.org/help/#apitoken; what follows is base64 of "pypi.org"
		{kind: "PyPI token", prefixes: []string{"pypi-AgEIcHlwaS5vcmc"}, body: identifier + "-", least: 50},
		// huggingface.co/docs/hub/security-tokens
		{kind: "Hugging Face token", prefixes: []string{"hf_"}, body: alphanumeric, least: 34, most: 34},
		// docs.docker.com/security/access-tokens
		{kind: "Docker Hub token", prefixes: []string{"dckr_pat_"}, body: identifier + "-", least: 27, most: 27},
	}
}

// charset is a set of characters.
type charset string

const (
	lowerHex     charset = "0123456789abcdef"
	base32       charset = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	alphanumeric charset = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	identifier           = alphanumeric + "_"
)

func (c charset) has(b byte) bool { return strings.IndexByte(string(c), b) >= 0 }

const (
	// tokenLength is enough of a token to judge it.
	tokenLength = 200
	// fewCharacters is how many different characters a placeholder has at most
	// ("xxxxxxxx-xxxx"); documents have the word EXAMPLE in it.
	fewCharacters = 5
)

// fits reports whether rest, what follows a prefix, is the body of a token. before is
// the text in front of the prefix: in the middle of a word there is no token.
func (r *tokenRule) fits(before, rest []byte) bool {
	if len(before) > 0 && identifier.has(before[len(before)-1]) {
		return false
	}
	n := 0
	for n < len(rest) && n < tokenLength && r.body.has(rest[n]) {
		n++
	}
	switch {
	case n < r.least, r.most > 0 && n > r.most, r.digit && (rest[0] < '0' || rest[0] > '9'):
		return false
	case r.most > 0 && n < len(rest) && identifier.has(rest[n]):
		return false
	}
	return !placeholder(rest[:n])
}

// placeholder reports whether what has the form of a token stands for one only.
func placeholder(body []byte) bool {
	if bytes.Contains(bytes.ToUpper(body), []byte("EXAMPLE")) {
		return true
	}
	var different []byte
	for _, c := range body {
		if !slices.Contains(different, c) {
			different = append(different, c)
		}
	}
	return len(different) <= fewCharacters
}

const (
	// keyAhead is how far behind its header the body of a key begins: PEM and PGP
	// have lines of their own between.
	keyAhead = 400
	// keyRun is the length of a line of a key's body at the least.
	keyRun = 40

	base64Set = alphanumeric + "+/="
)

// keyHeaders are what private keys in text begin with.
var keyHeaders = [...]string{"-BEGIN ", "- BEGIN ", "PuTTY-User-Key-File-"}

// keyAt returns what kind of private key begins at a header of that index in
// keyHeaders, empty where none does. rest is what follows the header. Unlike
// PrivateKeyKind it wants some of the key too: programs and manuals have the header.
func keyAt(header int, rest []byte) string {
	rest = rest[:min(len(rest), keyAhead)]
	kind := "PuTTY private key"
	if header < 2 {
		label, _, found := bytes.Cut(rest[:min(len(rest), labelLength)], []byte("-"))
		if kind = labelKind(string(bytes.TrimSpace(label))); kind == "" || !found {
			return ""
		}
	}
	run := 0
	for _, c := range rest {
		if !base64Set.has(c) {
			run = 0
			continue
		}
		if run++; run == keyRun {
			return kind
		}
	}
	return ""
}
