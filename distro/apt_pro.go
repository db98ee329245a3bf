package distro

import (
	"cmp"
	"context"
	"path"
	"regexp"
	"slices"
	"sort"
)

// proLists are where a machine without a subscription keeps the indexes of Ubuntu Pro:
// its client has a folder of its own for them, older ones left them to apt.
var proLists = [...]string{
	"/var/lib/ubuntu-advantage/apt-esm/var/lib/apt/lists/*_Packages*",
	aptLists + "/esm.ubuntu.com_*_Packages*",
}

// proSuite is the part of an index's name that tells which of Pro's services it is of.
var proSuite = regexp.MustCompile(`_[a-z]+-(infra|apps)-security_`)

// proUpdates lists the security updates that the machine knows of and may not install.
func (d *debPackages) proUpdates(ctx context.Context) []Update {
	if d.OS.ID != "ubuntu" {
		return nil
	}
	attached, err := d.attached()
	if err != nil || attached {
		return nil
	}
	db, err := d.database.get(ctx)
	if err != nil {
		return nil
	}
	installed := map[string][]dpkgEntry{}
	for _, e := range db.entries {
		if e.complete() {
			installed[e.name] = append(installed[e.name], e)
		}
	}
	newest := map[debKey]Update{}
	for _, file := range d.proIndexes() {
		d.addPro(ctx, file, installed, newest)
	}
	var list []Update
	for _, u := range newest {
		list = append(list, u)
	}
	sort.Slice(list, func(i, j int) bool {
		a, b := list[i], list[j]
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Arch, b.Arch)) < 0
	})
	return list
}

func (d *debPackages) proIndexes() []string {
	var files []string
	for _, pattern := range proLists {
		names, err := d.Root.Glob(pattern)
		if err != nil {
			continue
		}
		files = append(files, slices.DeleteFunc(names, func(name string) bool { return !proSuite.MatchString(path.Base(name)) })...)
	}
	return files
}

// addPro takes in the newer versions that one index offers of what is installed.
func (d *debPackages) addPro(ctx context.Context, file string, installed map[string][]dpkgEntry, newest map[debKey]Update) {
	service := "esm-" + proSuite.FindStringSubmatch(path.Base(file))[1]
	wanted := func(stanza []byte) bool {
		name, first := stanzaName(stanza)
		return !first || len(installed[string(name)]) > 0
	}
	// An index that cannot be read to its end tells what it has told.
	_ = d.scan(ctx, &aptIndex{file: file, size: -1}, wanted, func(e indexEntry) {
		offered, err := parseDebVersion(e.version)
		if err != nil {
			return
		}
		for _, have := range installed[e.name] {
			current, err := parseDebVersion(have.version)
			if err != nil || e.arch != "all" && e.arch != have.arch || offered.compare(current) <= 0 {
				continue
			}
			key := debKey{have.name, have.arch}
			if known, found := newest[key]; found {
				if before, err := parseDebVersion(known.Candidate); err == nil && before.compare(offered) >= 0 {
					continue
				}
			}
			newest[key] = Update{Name: have.name, Arch: have.arch, Installed: have.version, Candidate: e.version, Source: service, Security: true, Held: have.held()}
		}
	})
}
