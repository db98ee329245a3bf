package distro

import (
	"bytes"
	"encoding/binary"
	"path"
	"slices"
)

// loginRecords are the names of the binary records of logins right below LogDir.
var loginRecords = [...]string{"wtmp", "btmp", "lastlog", "faillog", "tallylog"}

// LoginRecords returns the binary records of logins among the logs: who was logged
// in, who failed to, and when each account last was.
func LoginRecords() []string {
	var records []string
	for _, name := range loginRecords {
		records = append(records, path.Join(LogDir, name))
	}
	return records
}

func isLoginRecord(base string) bool { return slices.Contains(loginRecords[:], base) }

// databaseMagic begins every database of SQLite's.
var databaseMagic = []byte("SQLite format 3\x00")

const (
	leastPage     = 512
	freePagesAt   = 36
	cellsInPageAt = 3
)

// DatabaseRows reports whether a database of SQLite's holds rows, or pages in which
// rows were, and whether data is one at all. The schema fills the first page; in the
// others a tree of rows begins with its kind and the number of its cells
// (https://www.sqlite.org/fileformat2.html).
func DatabaseRows(data []byte) (rows, ok bool) {
	if len(data) < leastPage || !bytes.HasPrefix(data, databaseMagic) {
		return false, false
	}
	size := int(binary.BigEndian.Uint16(data[len(databaseMagic):]))
	if size == 1 {
		size = 1 << 16
	}
	if size < leastPage || len(data)%size != 0 {
		return false, false
	}
	if binary.BigEndian.Uint32(data[freePagesAt:]) > 0 {
		return true, true
	}
	for page := data[size:]; len(page) > 0; page = page[size:] {
		if binary.BigEndian.Uint16(page[cellsInPageAt:]) > 0 {
			return true, true
		}
	}
	return false, true
}
