//go:build e2e

package e2e

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// aptSuite is one file:// repository inside a tree, as its Release file presents it.
type aptSuite struct {
	folder, name            string // /srv/repo/FOLDER/dists/NAME
	origin, label, codename string
	suite                   string
	validUntil              time.Time
}

// The suites by the names that the rows use.
var (
	mainSuite = aptSuite{folder: "debian", name: suite, origin: "Debian", label: "Debian", codename: suite, suite: "oldstable"}

	updatesSuite = aptSuite{folder: "debian", name: suite + "-updates", origin: "Debian", label: "Debian",
		codename: suite + "-updates", suite: "oldstable-updates"}

	securitySuite = aptSuite{folder: "debian-security", name: suite + "-security", origin: "Debian", label: "Debian-Security",
		codename: suite + "-security", suite: "oldstable-security"}

	// somebody else calls a suite like that too
	foreignSuite = aptSuite{folder: "vendor", name: suite + "-security", origin: "Example", label: "Example-Security",
		codename: suite + "-security", suite: "stable-security"}

	suites = map[string]aptSuite{
		"main": mainSuite, "updates": updatesSuite, "security": securitySuite, "foreign": foreignSuite,
	}
)

func (s aptSuite) dir(root string) string {
	return filepath.Join(root, "srv/repo", s.folder, "dists", s.name)
}

const (
	sourcesFile = "etc/apt/sources.list.d/debian.sources"
	keyringFile = "usr/share/keyrings/lab.gpg"
	packagesIn  = "main/binary-amd64/Packages"
)

// baseSources replaces a tree's network sources by repositories of its own, in
// which everything that is installed can be found, and fetches their indexes.
func baseSources(root string) error {
	status, err := os.ReadFile(filepath.Join(root, "var/lib/dpkg/status"))
	if err != nil {
		return err
	}
	pool, err := os.ReadFile(filepath.Join(root, poolIndex))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	err = errors.Join(
		os.RemoveAll(filepath.Join(root, "etc/apt/sources.list")),
		os.RemoveAll(filepath.Join(root, "etc/apt/sources.list.d")),
		os.Mkdir(filepath.Join(root, "etc/apt/sources.list.d"), 0o755),
		publicKey(filepath.Join(root, keyringFile)),
		mainSuite.publish(root, indexOf(string(status))+string(pool)),
		updatesSuite.publish(root, ""),
		securitySuite.publish(root, otherFix),
	)
	if err != nil {
		return err
	}
	entry := "Types: deb\nURIs: file:///srv/repo/%s\nSuites: %s\nComponents: main\nSigned-By: /%s\n"
	sources := fmt.Sprintf(entry, "debian", suite+" "+suite+"-updates", keyringFile) + "\n" +
		fmt.Sprintf(entry, "debian-security", suite+"-security", keyringFile)
	if err := os.WriteFile(filepath.Join(root, sourcesFile), []byte(sources), 0o644); err != nil {
		return err
	}
	_, err = enter(root, "", "apt-get", "update", "-q", "-o", "APT::Update::Error-Mode=any")
	return err
}

// poolIndex lists what poolOf has put there.
const poolIndex = "srv/repo/debian/pool/Packages"

// poolOf fetches packages into the tree's own repository, with those that they need and
// the tree lacks: they can be installed without a network.
func poolOf(root string, packages ...string) error {
	pool := filepath.Join(root, filepath.Dir(poolIndex))
	if err := os.MkdirAll(filepath.Join(pool, "partial"), 0o755); err != nil {
		return err
	}
	args := append([]string{
		"-q", "-y", "--download-only", "--no-install-recommends",
		"-o", "Dir::State::status=" + filepath.Join(root, "var/lib/dpkg/status"), "-o", "Dir::State::extended_states=/dev/null",
		"-o", "Dir::Cache::archives=" + pool, "-o", "Debug::NoLocking=1", "install",
	}, packages...)
	if err := command("/", "apt-get", args...); err != nil {
		return err
	}
	index, err := output(filepath.Dir(pool), "apt-ftparchive", "packages", "pool")
	if err != nil {
		return err
	}
	return errors.Join(os.RemoveAll(filepath.Join(pool, "partial")), os.WriteFile(filepath.Join(root, poolIndex), []byte(index), 0o644))
}

// otherFix is what the security suite offers on every tree: a package that nobody
// has. apt keeps no index of a suite that offers nothing.
const otherFix = "Package: lab-other\nVersion: 1\nArchitecture: all\nMaintainer: Lab <lab@example.org>\n" +
	"Filename: pool/lab-other.deb\nSize: 1000\nSHA256: 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\n" +
	"Description: nobody has it\n\n"

// indexOf turns dpkg's status into the index of a repository that holds the same.
func indexOf(status string) string {
	var index strings.Builder
	for stanza := range strings.SplitSeq(status, "\n\n") {
		if stanza = strings.TrimSpace(stanza); stanza == "" {
			continue
		}
		skip := false
		for line := range strings.Lines(stanza) {
			field, _, _ := strings.Cut(line, ":")
			if !strings.HasPrefix(line, " ") {
				skip = field == "Status" || field == "Conffiles" || field == "Config-Version"
			}
			if !skip {
				index.WriteString(strings.TrimRight(line, "\n") + "\n")
			}
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(stanza, "Package: "), "\n")
		fmt.Fprintf(&index, "Filename: pool/%s.deb\nSize: 1000\nSHA256: %x\n\n", name, sha256.Sum256([]byte(stanza)))
	}
	return index.String()
}

// publish writes the suite with that index, signed.
func (s aptSuite) publish(root, index string) error {
	dir := s.dir(root)
	var packed bytes.Buffer
	packer := gzip.NewWriter(&packed)
	if _, err := packer.Write([]byte(index)); err != nil {
		return err
	}
	err := errors.Join(
		packer.Close(),
		os.MkdirAll(filepath.Join(dir, filepath.Dir(packagesIn)), 0o755),
		os.WriteFile(filepath.Join(dir, packagesIn+".gz"), packed.Bytes(), 0o644),
		os.WriteFile(filepath.Join(dir, "Release"), []byte(s.release(index, packed.String())), 0o644),
	)
	if err != nil {
		return err
	}
	return sign(filepath.Join(dir, "Release"), filepath.Join(dir, "InRelease"))
}

func (s aptSuite) release(index, packed string) string {
	valid := ""
	if !s.validUntil.IsZero() {
		valid = "Valid-Until: " + s.validUntil.UTC().Format(time.RFC1123) + "\n"
	}
	const yesterday = -24 * time.Hour
	date := time.Now().Add(yesterday).UTC().Format(time.RFC1123)
	return fmt.Sprintf("Origin: %s\nLabel: %s\nSuite: %s\nVersion: 12\nCodename: %s\nDate: %s\n%s"+
		"Acquire-By-Hash: no\nArchitectures: all amd64\nComponents: main\nDescription: lab\nSHA256:\n"+
		" %x %d %s\n %x %d %s.gz\n",
		s.origin, s.label, s.suite, s.codename, date, valid,
		sha256.Sum256([]byte(index)), len(index), packagesIn,
		sha256.Sum256([]byte(packed)), len(packed), packagesIn)
}

// index returns what the suite offers in the tree.
func (s aptSuite) index(root string) (string, error) {
	data, err := os.ReadFile(filepath.Join(s.dir(root), packagesIn+".gz"))
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	unpacker, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return "", err
	}
	var text bytes.Buffer
	_, err = text.ReadFrom(unpacker)
	return text.String(), err
}
