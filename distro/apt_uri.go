package distro

import (
	"fmt"
	"path"
	"strings"
)

// aptLists is where apt keeps the indexes it fetched.
const aptLists = "/var/lib/apt/lists"

// splitURI divides an address into scheme, host with port, and path; user and
// password are dropped, which apt does too before it makes a file name of it.
func splitURI(uri string) (scheme, site, file string) {
	scheme, rest, found := strings.Cut(uri, ":")
	if !found {
		return "", "", uri
	}
	rest, hasSite := strings.CutPrefix(rest, "//")
	if !hasSite {
		return scheme, "", rest
	}
	site, file, _ = strings.Cut(rest, "/")
	if at := strings.LastIndexByte(site, '@'); at >= 0 {
		site = site[at+1:]
	}
	return scheme, site, "/" + file
}

// site is the host by which preferences know a source; local ones have none.
func (s aptSource) site() string {
	_, site, _ := splitURI(s.uri)
	name, _, _ := strings.Cut(site, ":")
	return name
}

// String names the source for a reader, without credentials.
func (s aptSource) String() string {
	scheme, site, file := splitURI(s.uri)
	if site != "" {
		site = "//" + site
	}
	return withoutCredentials(fmt.Sprintf("%s:%s%s %s", scheme, site, strings.TrimSuffix(file, "/"), s.suite))
}

// base is the address below which the files of the suite lie.
func (s aptSource) base() string {
	switch {
	case s.suite == "/":
		return s.uri
	case strings.HasSuffix(s.suite, "/"):
		return s.uri + s.suite
	}
	return s.uri + "dists/" + s.suite + "/"
}

// listFile is the file in which apt keeps what it fetched from below the source:
// the address without scheme and credentials, unusual characters as %xx, slashes
// as underscores (URItoFileName).
func (s aptSource) listFile(name string) string {
	_, site, file := splitURI(s.base() + name)
	var quoted strings.Builder
	for _, c := range []byte(site + file) {
		switch {
		case c <= ' ' || c >= 0x7f || strings.IndexByte(`\|{}[]<>"^~_=!@#$%^&*`, c) >= 0:
			fmt.Fprintf(&quoted, "%%%02x", c)
		case c == '/':
			quoted.WriteByte('_')
		default:
			quoted.WriteByte(c)
		}
	}
	return path.Join(aptLists, quoted.String())
}

// forArch puts the native architecture where the source asks for it.
func (s aptSource) forArch(native string) aptSource {
	s.uri = strings.ReplaceAll(s.uri, "$(ARCH)", native)
	s.suite = strings.ReplaceAll(s.suite, "$(ARCH)", native)
	return s
}
