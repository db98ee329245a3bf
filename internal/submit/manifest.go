package submit

import (
	"strconv"
	"strings"
	"time"
)

// build is what the manifest says of the build whose image is to be submitted.
type build struct {
	name  string
	image int64 // the id of the snapshot
	// ended is when Packer noted the build, which is after it took the snapshot.
	ended time.Time
	// previous is when an earlier run had ended last, zero where there is none: a report
	// from before that is not of this build.
	previous time.Time
}

// manifest is the file that Packer's manifest post-processor writes: all builds that
// were ever noted in it, and which run was the last.
// https://developer.hashicorp.com/packer/docs/post-processors/manifest
type manifest struct {
	Builds []noted `json:"builds"`
	Last   string  `json:"last_run_uuid"`
}

type noted struct {
	Name     string `json:"name"`
	Builder  string `json:"builder_type"`
	Ended    int64  `json:"build_time"` // seconds since 1970
	Artifact string `json:"artifact_id"`
	Run      string `json:"packer_run_uuid"`
}

// parseManifest returns the DigitalOcean build of the last run that has the given name,
// or the only one where the name is empty.
func parseManifest(data []byte, name string) (build, error) {
	var m manifest
	if err := decode(data, &m); err != nil {
		return build{}, refuse(remedyOf("manifest"), "the manifest is not one of Packer: %w", err)
	}
	if len(m.Builds) == 0 {
		return build{}, refuse("Build the image first: packer build.", "the manifest holds no build")
	}
	last, err := m.lastRun()
	if err != nil {
		return build{}, err
	}
	one, err := choose(last, name)
	if err != nil {
		return build{}, err
	}
	image, err := one.image()
	if err != nil {
		return build{}, err
	}
	if one.Ended <= 0 {
		return build{}, refuse("", "the manifest does not say when the build %q ended", one.Name)
	}
	return build{name: one.Name, image: image, ended: time.Unix(one.Ended, 0), previous: m.previous(one)}, nil
}

// lastRun returns the builds of the run that wrote the manifest last.
func (m manifest) lastRun() ([]noted, error) {
	if m.Last == "" {
		if len(m.Builds) > 1 {
			return nil, refuse("", "the manifest holds %d builds, and does not say which run was the last", len(m.Builds))
		}
		return m.Builds, nil
	}
	var last []noted
	for _, b := range m.Builds {
		if b.Run == m.Last {
			last = append(last, b)
		}
	}
	if len(last) == 0 {
		return nil, refuse("Build the image anew: packer build.", "the manifest holds no build of the run that it calls the last")
	}
	return last, nil
}

// choose returns the one build that is meant.
func choose(last []noted, name string) (noted, error) {
	var fitting []noted
	var names []string
	for _, b := range last {
		names = append(names, strconv.Quote(b.Name))
		if name == "" || b.Name == name {
			fitting = append(fitting, b)
		}
	}
	among := strings.Join(names, ", ")
	switch {
	case len(fitting) == 1:
		return fitting[0], nil
	case len(fitting) == 0:
		return noted{}, refuse("", "Packer's last run has no build %q; it has %s", name, among)
	case name != "":
		return noted{}, refuse("", "Packer's last run has %d builds %q", len(fitting), name)
	}
	return noted{}, refuse("Name one with --build, and its own report with --report.", "Packer's last run has %d builds: %s", len(fitting), among)
}

// image returns the id in an artifact of the DigitalOcean builder, which is
// "region:id", with several regions "region,region:id".
func (b noted) image() (int64, error) {
	remedy := "Only a snapshot of a droplet can be submitted."
	if b.Builder != "digitalocean" {
		return 0, refuse(remedy, "the build %q is one of Packer's builder %q, not of digitalocean", b.Name, b.Builder)
	}
	_, id, found := strings.Cut(b.Artifact, ":")
	image, err := strconv.ParseInt(id, 10, 64)
	if !found || err != nil || image <= 0 {
		return 0, refuse(remedy, `the artifact %q of the build %q is no snapshot of DigitalOcean, which has the form "region:number"`, b.Artifact, b.Name)
	}
	return image, nil
}

// previous returns when the last of the builds ended that belong to another run and
// were noted before.
func (m manifest) previous(one noted) time.Time {
	latest := int64(0)
	for _, b := range m.Builds {
		if b.Run != one.Run && b.Ended < one.Ended {
			latest = max(latest, b.Ended)
		}
	}
	if latest == 0 {
		return time.Time{}
	}
	return time.Unix(latest, 0)
}
