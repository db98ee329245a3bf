package distro

import (
	"errors"
	"path"
	"strings"
)

// PackageSource is a source of packages that is switched on.
type PackageSource struct {
	// Name is its address, without credentials, and suite, or its repository's id.
	Name string
	File string
	Line int // from 1
	// Unsigned are the settings by which packages are taken though nobody has signed for
	// them, as they are called.
	Unsigned []string
	// Media: it lies on a disc or another medium, which no droplet has.
	Media bool
	// OtherMirror: the distribution's own, from elsewhere than DigitalOcean's mirror.
	OtherMirror bool
}

// PackageSources lists the sources that are switched on, and settings that hold for all
// of them, in the order of the files. The errors name file and line, and quote nothing.
// ErrNoManager where the machine has no package manager of a kind known here.
func (m *Machine) PackageSources() ([]PackageSource, error) {
	switch m.Family {
	case FamilyDeb:
		return (&debPackages{Machine: m}).packageSources()
	case FamilyRPM:
		return rpmPackages{m: m}.packageSources()
	}
	return nil, ErrNoManager
}

// insecureSettings of apt hold for every source (apt-secure(8)).
var insecureSettings = [...]string{
	"Acquire::AllowInsecureRepositories", "Acquire::AllowWeakRepositories", "Acquire::AllowDowngradeToInsecureRepositories",
	"APT::Get::AllowUnauthenticated",
}

func (d *debPackages) packageSources() ([]PackageSource, error) {
	list, err := d.readSources()
	var sources []PackageSource
	for _, s := range list {
		sources = append(sources, PackageSource{
			Name: s.String(), File: s.file, Line: s.line, Unsigned: s.unsigned, Media: s.onMedia(), OtherMirror: s.otherMirror(),
		})
	}
	settings, settingsErr := d.insecureSettings()
	return append(sources, settings...), errors.Join(err, settingsErr)
}

// insecureSettings looks for settings of apt that hold for every source, each in the
// last file that sets it.
func (d *debPackages) insecureSettings() ([]PackageSource, error) {
	whole, err := d.readAptConfig()
	if whole == nil {
		return nil, err
	}
	files, err := d.aptParts(aptConfParts, "", ".conf")
	if err != nil {
		return nil, err
	}
	where := map[string]string{}
	for _, name := range append(files, aptConf) {
		data, err := d.readIfThere(name)
		if err != nil {
			return nil, err
		}
		config := aptConfig{}
		if err := parseAptConf(name, data, config); err != nil {
			return nil, err
		}
		for _, setting := range insecureSettings {
			if config.last(setting) != "" {
				where[setting] = name
			}
		}
	}
	var found []PackageSource
	for _, setting := range insecureSettings {
		if isTrue(whole.last(setting)) {
			found = append(found, PackageSource{Name: "every source", File: where[setting], Unsigned: []string{setting}})
		}
	}
	return found, nil
}

// mediaPlaces are where discs and other media are mounted.
var mediaPlaces = [...]string{"/cdrom", "/media", "/mnt", "/run/media"}

func onMedia(scheme, file string) bool {
	if scheme == "cdrom" || scheme == "media" {
		return true
	}
	if scheme != "file" && scheme != "copy" {
		return false
	}
	file = path.Clean("/" + file)
	for _, place := range mediaPlaces {
		if file == place || strings.HasPrefix(file, place+"/") {
			return true
		}
	}
	return false
}

func (s aptSource) onMedia() bool {
	scheme, _, file := splitURI(s.uri)
	return onMedia(scheme, file)
}

// doMirror is DigitalOcean's mirror of the distributions' archives; officialArchives
// are the archives themselves and their usual mirrors, by how their names end.
const doMirror = "mirrors.digitalocean.com"

var officialArchives = [...]string{"deb.debian.org", "ftp.debian.org", "httpredir.debian.org", "archive.ubuntu.com"}

// otherMirror: security suites come from their own servers, and releases that have
// ended from the old archives.
func (s aptSource) otherMirror() bool {
	site := s.site()
	if site == doMirror || strings.HasSuffix(strings.TrimSuffix(s.suite, "/"), "-security") || strings.HasSuffix(s.suite, "/updates") {
		return false
	}
	for _, archive := range officialArchives {
		if site == archive || strings.HasSuffix(site, "."+archive) {
			return true
		}
	}
	return strings.HasPrefix(site, "ftp.") && strings.HasSuffix(site, ".debian.org")
}
