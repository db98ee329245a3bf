package distro

import (
	"bytes"
	"encoding/binary"
)

// JournalDir is where journald keeps what outlives a boot.
const JournalDir = "/var/log/journal"

const (
	journalMagic     = "LPKSHHRH"
	journalEntriesAt = 152
	// JournalHead is how many bytes of a journal file tell how many entries it has.
	JournalHead = journalEntriesAt + 8
)

// JournalEntries returns how many entries a journal file has by its first JournalHead
// bytes, and whether it is one: n_entries in the header, little-endian, as
// https://systemd.io/JOURNAL_FILE_FORMAT/ has it.
func JournalEntries(head []byte) (entries uint64, ok bool) {
	if len(head) < JournalHead || !bytes.HasPrefix(head, []byte(journalMagic)) {
		return 0, false
	}
	return binary.LittleEndian.Uint64(head[journalEntriesAt:]), true
}
