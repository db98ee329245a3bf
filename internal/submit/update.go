package submit

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// update is the body of the request. What is nil is left out of it, and left as it is
// in the listing; an empty value clears what is there.
type update struct {
	ImageID int64   `json:"imageId"`
	Reason  *string `json:"reasonForUpdate,omitempty"`
	Version *string `json:"version,omitempty"`
	OS      *string `json:"osVersion,omitempty"`
	// Software is a pointer, as an empty list is not the same as none.
	Software *[]software `json:"softwareIncluded,omitempty"`
}

type software struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// newUpdate makes the request of what was given on the command line, and completes the
// flags from the environment.
func (p *process) newUpdate(c *cobra.Command, f *flags) (*update, error) {
	given := func(name string, value *string) *string {
		if c.Flags().Changed(name) {
			return value
		}
		return nil
	}
	if !c.Flags().Changed("app-id") {
		f.appID = strings.TrimSpace(p.env["APP_ID"])
	}
	if err := validAppID(f.appID); err != nil {
		return nil, err
	}
	u := &update{Reason: given("reason", &f.reason), Version: given("version", &f.version), OS: given("os-version", &f.osVersion)}
	if fromEnv := strings.TrimSpace(p.env["APP_VERSION"]); u.Version == nil && fromEnv != "" {
		u.Version = &fromEnv
	}
	for name, value := range map[string]*string{"reason": u.Reason, "version": u.Version, "os-version": u.OS} {
		if value != nil && !plain(*value) {
			return nil, refuse("", "--%s holds control characters, or bytes that are no UTF-8", name)
		}
	}
	if !c.Flags().Changed("software") {
		return u, nil
	}
	list, err := parseSoftware(f.software)
	u.Software = &list
	return u, err
}

// parseSoftware reads NAME=VERSION; a single empty one makes the empty list.
func parseSoftware(given []string) ([]software, error) {
	list := []software{}
	if len(given) == 1 && given[0] == "" {
		return list, nil
	}
	for _, one := range given {
		name, version, found := strings.Cut(one, "=")
		if !found || strings.TrimSpace(name) == "" || !plain(one) {
			return nil, refuse("", "--software %q: must be NAME=VERSION", one)
		}
		list = append(list, software{name, version})
	}
	return list, nil
}

// plain reports whether a text is printable, so that a page or a terminal shows what
// was meant.
func plain(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}

// appIDForm is what an id may look like; the one in the API's documentation is "60089fc6d333037bffa70d9b".
var appIDForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// validAppID keeps an id from becoming another path of the API.
func validAppID(id string) error {
	const remedy = "Take it from the URL of the app's page in the Vendor Portal; APP_ID may hold it too."
	if id == "" {
		return refuse(remedy, "no app was named: --app-id is missing")
	}
	if !appIDForm.MatchString(id) {
		return refuse(remedy, "%q is no id of an app", id)
	}
	return nil
}

// parseAPI reads the address of the API. The token goes there, so it must not travel
// in the clear but within this computer.
func parseAPI(given string) (*url.URL, error) {
	u, err := url.Parse(given)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, refuse("", "--api-url is no plain address such as %s", apiURL)
	}
	ip, err := netip.ParseAddr(u.Hostname())
	loopback := err == nil && ip.IsLoopback() || u.Hostname() == "localhost"
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback) {
		return nil, refuse("", "--api-url must be https: the token would be readable on its way")
	}
	return u, nil
}

// readToken takes the token from the environment, without the line end of the file
// that it was copied from.
func (p *process) readToken(optional bool) error {
	for _, name := range []string{"DIGITALOCEAN_API_TOKEN", "DIGITALOCEAN_TOKEN"} {
		token := strings.TrimSpace(p.env[name])
		if token == "" {
			continue
		}
		if strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return refuse("", "%s holds something else than a token: it has spaces or characters that no token has", name)
		}
		p.token = token
		return nil
	}
	if optional {
		return nil
	}
	return refuse("Set DIGITALOCEAN_API_TOKEN or DIGITALOCEAN_TOKEN to a token with write access, of the team that owns the app.", "there is no API token")
}
