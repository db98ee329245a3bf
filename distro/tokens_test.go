package distro

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// made makes what looks like a secret: so many characters of a set.
func made(n int, set charset) string {
	source := rand.New(rand.NewPCG(1, uint64(n)))
	out := make([]byte, n)
	for i := range out {
		out[i] = set[source.IntN(len(set))]
	}
	return string(out)
}

func scanned(t *testing.T, text string) []secretHit {
	t.Helper()
	hits, size, err := newSecretScanner().scan(strings.NewReader(text))
	require.NoError(t, err)
	assert.EqualValues(t, len(text), size)
	return hits
}

func TestTokens(t *testing.T) {
	hex, upper, word := made(64, lowerHex), made(16, base32), made(100, alphanumeric)
	for token, kind := range map[string]string{
		"dop_v1_" + hex:    "DigitalOcean token",
		"doo_v1_" + hex:    "DigitalOcean token",
		"dor_v1_" + hex:    "DigitalOcean token",
		"AKIA" + upper:     "AWS access key",
		"ASIA" + upper:     "AWS access key",
		"ghp_" + word[:36]: "GitHub token",
		"gho_" + word[:36]: "GitHub token",
		"ghu_" + word[:36]: "GitHub token",
		"ghs_" + word[:40]: "GitHub token",
		"ghr_" + word[:76]: "GitHub token",
		"github_pat_" + word[:22] + "_" + made(59, word0): "GitHub token",
		"glpat-" + made(20, word0+"-"):                    "GitLab token",
		"xoxb-123456789012-" + word[:24]:                  "Slack token",
		"xoxp-1234567890-1234-" + word[:24]:               "Slack token",
		"sk_live_" + word[:24]:                            "Stripe live key",
		"rk_live_" + word[:99]:                            "Stripe live key",
		"npm_" + word[:36]:                                "npm token",
		"pypi-AgEIcHlwaS5vcmc" + made(150, word0+"-"):     "PyPI token",
		"hf_" + word[:34]:                                 "Hugging Face token",
		"dckr_pat_" + made(27, word0+"-"):                 "Docker Hub token",
	} {
		want := []secretHit{{Kind: kind, Line: 2, Places: 1}}
		for _, around := range []string{"%s", "TOKEN=%s\n", `{"a": "%s"}`, "https://x:%s@host/\n", "Bearer %s, x"} {
			assert.Equal(t, want, scanned(t, "first\n"+fmt.Sprintf(around, token)), "%s of %d", kind, len(token))
		}
		assert.Empty(t, scanned(t, "x"+token), "%s in a word", kind)
		assert.Empty(t, scanned(t, token[:15]), "the beginning of a %s", kind)
	}
}

const word0 = identifier

func TestWhatIsNoToken(t *testing.T) {
	word := made(100, alphanumeric)
	for _, text := range []string{
		"", "dop_v1_", "AKIA", "npm_config_registry=https://registry.npmjs.org/",
		"dop_v1_" + strings.Repeat("x", 64), "dop_v1_" + strings.Repeat("0", 64), "dop_v1_" + made(65, lowerHex),
		"dop_v1_" + strings.ToUpper(made(64, lowerHex)), "AKIAIOSFODNN7EXAMPLE", "AKIA" + made(17, base32), "AKIA" + made(16, base32) + "x",
		"ghp_" + strings.Repeat("x", 36), "ghp_" + word[:35], "npm_" + word[:37], "hf_" + word[:35], "glpat-" + strings.Repeat("x", 20),
		"xoxb-your-bot-token-goes-in-here", "xoxb-" + strings.Repeat("0", 12) + "-" + strings.Repeat("0", 12), "sk_test_" + word[:24],
	} {
		assert.Empty(t, scanned(t, text), "%d bytes of %.8s", len(text), text)
	}
}

func TestKeysInText(t *testing.T) {
	body := made(64, base64Set[:62]) + "\n" + made(64, base64Set[:62])
	for text, kind := range map[string]string{
		"-----BEGIN OPENSSH PRIVATE KEY-----\n" + body:                                                      "OpenSSH private key",
		"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n" + body:      "PEM RSA private key",
		`{"key": "-----BEGIN PRIVATE KEY-----\n` + strings.ReplaceAll(body, "\n", `\n`) + `\n"}`:            "PKCS#8 private key",
		"Nov 21 host app: -----BEGIN EC PRIVATE KEY-----#012" + body:                                        "PEM EC private key",
		"-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\n" + body:                               "PGP private key",
		"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: \"x\"\n" + body:                               "ssh.com private key",
		"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: x\nPublic-Lines: 2\n" + body + body: "PuTTY private key",
	} {
		assert.Equal(t, []secretHit{{Kind: kind, Line: 1, Places: 1, Key: true}}, scanned(t, text), kind)
	}
	for _, text := range []string{
		"-----BEGIN CERTIFICATE-----\n" + body, "-----BEGIN PUBLIC KEY-----\n" + body, "-----BEGIN RSA PRIVATE KEY-----\n...\n",
		"BEGIN PRIVATE KEY\n" + body, `fmt.Println("-----BEGIN RSA PRIVATE KEY-----")`, "-----BEGIN RSA PRIVATE KEY-----\n" + strings.Repeat("short\n", 100) + body,
		"BEGIN TRANSACTION; -- BEGIN ",
	} {
		assert.Empty(t, scanned(t, text), "%.40s", text)
	}
}

func TestScanCountsPlacesAndLines(t *testing.T) {
	aws, key := "AKIA"+made(16, base32), "-----BEGIN PRIVATE KEY-----\n"+made(64, alphanumeric)
	filler := strings.Repeat("a line of no interest\n", 20_000) // more than one buffer
	text := filler + aws + "\n" + filler + key + "\n" + aws + " " + aws + "\n" + filler
	assert.Equal(t, []secretHit{
		{Kind: "AWS access key", Line: 20_001, Places: 3},
		{Kind: "PKCS#8 private key", Line: 40_002, Places: 1, Key: true},
	}, scanned(t, text))
}

func TestScannerHasRoom(t *testing.T) {
	assert.LessOrEqual(t, len(newSecretScanner().next), 256, "a state is one byte")
}

// TestScanAcrossBuffers puts a token at every place around the end of a buffer.
func TestScanAcrossBuffers(t *testing.T) {
	token := "dop_v1_" + made(64, lowerHex)
	for at := scanBuffer - 2*scanAhead; at < scanBuffer+10; at++ {
		text := bytes.Repeat([]byte{' '}, at)
		text = append(append(text, token...), '\n')
		hits, _, err := newSecretScanner().scan(bytes.NewReader(text))
		require.NoError(t, err)
		require.Len(t, hits, 1, "at %d", at)
	}
}

func TestScanOfABrokenText(t *testing.T) {
	token := "ghp_" + made(36, alphanumeric)
	hits, _, err := newSecretScanner().scan(io.MultiReader(strings.NewReader(token), iotest.ErrReader(io.ErrUnexpectedEOF)))
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Len(t, hits, 1)
	_, _, err = newSecretScanner().scan(idle{})
	assert.ErrorIs(t, err, io.ErrNoProgress)
}

type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

// FuzzScan compares the search in pieces with one by a regular expression.
func FuzzScan(f *testing.F) {
	word := made(100, alphanumeric)
	f.Add([]byte("a ghp_"+word[:36]+"\nnpm_"+word[:36]), uint16(7))
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\n"+word), uint16(600))
	f.Add([]byte("dop_v1_dop_v1_AKIAAKIA"+made(16, base32)), uint16(0))
	f.Add([]byte("xoxxoxb-1ghp_ghp_gh"), uint16(1))
	github := regexp.MustCompile(`(^|[^A-Za-z0-9_])gh[pousr]_[A-Za-z0-9]{36}`)
	f.Fuzz(func(t *testing.T, data []byte, more uint16) {
		whole := newSecretScanner()
		want, _, err := whole.scan(bytes.NewReader(data))
		require.NoError(t, err)
		pieces := newSecretScanner()
		pieces.buffer = make([]byte, 2*scanAhead+int(more)%1000)
		got, size, err := pieces.scan(iotest.OneByteReader(bytes.NewReader(data)))
		require.NoError(t, err)
		require.EqualValues(t, len(data), size)
		require.Equal(t, want, got)
		found := false
		for _, hit := range want {
			found = found || hit.Kind == "GitHub token"
			require.Positive(t, hit.Places)
			require.LessOrEqual(t, hit.Line, 1+bytes.Count(data, []byte{'\n'}))
		}
		if found && !bytes.Contains(data, []byte("github_pat_")) {
			require.Regexp(t, github, string(data))
		}
	})
}
