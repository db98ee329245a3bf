package check

import (
	"encoding/binary"
	"testing"
)

// loginDatabase is a SQLite database of three pages: the schema, a table and its
// index, with so many rows.
func loginDatabase(rows uint16) []byte {
	const page = 4096
	data := make([]byte, 3*page)
	copy(data, "SQLite format 3\x00")
	binary.BigEndian.PutUint16(data[16:], page)
	data[100], data[page], data[2*page] = 13, 13, 10
	binary.BigEndian.PutUint16(data[103:], 2)
	binary.BigEndian.PutUint16(data[page+3:], rows)
	binary.BigEndian.PutUint16(data[2*page+3:], rows)
	return data
}

func TestLoginRecords(t *testing.T) {
	const lastlog = "var/lib/lastlog/lastlog2.db"
	freed := loginDatabase(0)
	freed[39] = 1
	testCheck(t, loginRecords(), []row{
		{name: "empty", want: Pass},
		{name: "none at all", overlay: "-- var/log/wtmp removed --\n-- var/log/btmp removed --\n-- var/log/lastlog removed --\n", want: Pass},
		{
			name: "records", want: Warn,
			overlay: "-- var/log/wtmp size=384 --\n-- var/log/btmp size=768 --\n-- var/log/lastlog size=292 --\n-- var/log/faillog size=32 --\n" +
				"-- var/log/tallylog size=64 --\n-- var/log/app/wtmp size=9 --\n-- var/log/wtmp.1 size=9 --\n",
			findings: []string{
				"warn /var/log/btmp 768 bytes", "warn /var/log/faillog 32 bytes", "warn /var/log/lastlog 292 bytes",
				"warn /var/log/tallylog 64 bytes", "warn /var/log/wtmp 384 bytes",
			},
		},
		{name: "a database without rows", machine: "debian-13", change: writes(lastlog, loginDatabase(0)), want: Pass},
		{
			name: "a database with rows", machine: "debian-13", change: writes(lastlog, loginDatabase(1)), want: Warn,
			findings: []string{"warn /" + lastlog + " 12.0 KiB"},
		},
		{
			name: "a database in which rows were", machine: "debian-13", change: writes(lastlog, freed), want: Warn,
			findings: []string{"warn /" + lastlog + " 12.0 KiB"},
		},
		{
			name: "a large one, no database, and a journal beside it", machine: "debian-13", want: Warn,
			overlay: "-- var/lib/wtmpdb/wtmp.db size=2M --\n-- " + lastlog + " --\nx\n-- " + lastlog + "-wal --\nx\n",
			findings: []string{
				"warn /" + lastlog + " 2 bytes, no database", "warn /" + lastlog + "-wal 2 bytes", "warn /var/lib/wtmpdb/wtmp.db 2.0 MiB",
			},
		},
		{name: "what leads nowhere", overlay: "-- var/log/wtmp link=/var/log/wtmp --\n", want: Error, err: "looking at the records of logins"},
	})
}
