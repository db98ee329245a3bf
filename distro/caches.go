package distro

// Cache is a folder of what can be fetched or made again. The folder itself stays.
type Cache struct {
	Dir string
	// Names is a pattern, as for path.Match, of what goes; Stays are patterns of what
	// does not: locks, and folders that have an owner of their own.
	Names string
	Stays []string
	// Folders go too, with all that is in them.
	Folders bool
}

// PackageCaches returns where package managers keep packages that were downloaded, and
// metadata that they fetch or make again. apt's lists are not among them: without them
// a customer's first "apt-get install" finds nothing.
func PackageCaches() []Cache {
	pids := []string{"*.pid", "*.lock"}
	return []Cache{
		{Dir: "/var/cache/apt/archives", Names: "*.deb"},
		{Dir: "/var/cache/apt/archives/partial", Names: "*"},
		{Dir: "/var/cache/apt", Names: "*.bin"},
		{Dir: "/var/cache/apt", Names: "*.bin.??????"}, // what apt was writing when it was ended
		{Dir: "/var/cache/dnf", Names: "*", Stays: pids, Folders: true},
		{Dir: "/var/cache/libdnf5", Names: "*", Stays: pids, Folders: true},
		{Dir: "/var/cache/yum", Names: "*", Stays: pids, Folders: true},
		{Dir: "/var/cache/PackageKit", Names: "*", Stays: pids, Folders: true},
		{Dir: "/var/lib/snapd/cache", Names: "*"},
	}
}

// AptLists returns where apt keeps the indexes of its sources.
func AptLists() []Cache {
	return []Cache{
		{Dir: aptLists, Names: "*", Stays: []string{"lock", "partial", "auxfiles"}},
		{Dir: aptLists + "/partial", Names: "*"},
		{Dir: aptLists + "/auxfiles", Names: "*"},
	}
}
