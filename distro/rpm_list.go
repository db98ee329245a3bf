package distro

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"sort"
	"strings"
)

// ASCII separators: a vendor's name may hold any other character.
const (
	rpmField  = "\x1f"
	rpmRecord = "\x1e"
	rpmAbsent = "(none)"
)

// rpmQuery lists every installed package. Signatures are not looked at: a policy
// that refuses SHA-1, as on EL 9, makes rpm leave out what older keys signed. The
// digests still show a damaged header.
func rpmQuery() []string {
	fields := []string{"%{NAME}", "%{EPOCH}", "%{VERSION}", "%{RELEASE}", "%{ARCH}", "%{VENDOR}"}
	return []string{"-qa", "--nosignature", "--qf", strings.Join(fields, rpmField) + rpmRecord}
}

// parseRPMList reads the answer to rpmQuery, sorted by name, architecture and
// version. Imported keys (gpg-pubkey), which are no packages, are left out.
func parseRPMList(data []byte) ([]Package, error) {
	records := bytes.Split(data, []byte(rpmRecord))
	if len(records[len(records)-1]) > 0 {
		return nil, errors.New("rpm's list is cut off")
	}
	var list []Package
	for i, record := range records[:len(records)-1] {
		f := strings.Split(string(record), rpmField)
		if len(f) != 6 || f[0] == "" || f[2] == "" || f[3] == "" {
			return nil, fmt.Errorf("entry %d of rpm's list does not have the fields of a package", i+1)
		}
		if f[0] == "gpg-pubkey" {
			continue
		}
		list = append(list, Package{
			Name: f[0], Arch: present(f[4]), Version: evr(f[1], f[2], f[3]), Vendor: present(f[5]),
		})
	}
	sort.Slice(list, func(i, j int) bool {
		a, b := list[i], list[j]
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Arch, b.Arch), compareRPM(a.Version, b.Version)) < 0
	})
	return list, nil
}

// evr writes a version as dnf does: no epoch where it is 0.
func evr(epoch, version, release string) string {
	if epoch = present(epoch); epoch != "" && epoch != "0" {
		return epoch + ":" + version + "-" + release
	}
	return version + "-" + release
}

func present(field string) string {
	if field == rpmAbsent {
		return ""
	}
	return field
}

// rpmError returns the first line in which rpm says that it could not read
// something, empty where there is none.
func rpmError(stderr []byte) string {
	for _, line := range lines(stderr) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "error:") || strings.HasPrefix(line, "rpmdb:") || strings.Contains(line, "amaged header") {
			return spoken(line)
		}
	}
	return ""
}
