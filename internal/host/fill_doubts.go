package host

import (
	"fmt"
	"strings"
)

// unreached is what the filling did not reach.
type unreached struct {
	// kept is how many free bytes were not given out; known says whether they could be
	// listed.
	kept  int64
	known bool
	// full: there was no room for a file. endless: the file system did not get full.
	full, endless bool
	// discarded: the device was told which blocks are free.
	discarded bool
}

// doubts says what may still hold old data.
func (v *volume) doubts(rest unreached) []string {
	var says []string
	say := func(format string, args ...any) { says = append(says, fmt.Sprintf(format, args...)) }
	switch {
	case rest.full:
		say("%d free bytes: there was no room even for an empty file", rest.kept)
	case rest.endless:
		say("free space: more was written than the file system holds, and it did not get full")
	case rest.kept > 0 && rest.discarded:
		say("%d free bytes, which %s did not give out, were discarded only", rest.kept, v.Type)
	case rest.kept > 0 && !rest.known:
		say("up to %d bytes that %s keeps back, as free blocks cannot be listed here", rest.kept, v.Type)
	case rest.kept > 0:
		say("%d free bytes that %s did not give out", rest.kept, v.Type)
	}
	switch v.Type {
	case "ext2", "ext3", "ext4":
		switch v.journal {
		case journalUnwritten:
			say("what went through the journal (data=journal), which this kernel cannot be told to write back")
		case journalContents: // it is written back whenever the kernel likes
			say("single blocks, as contents go through the journal (data=journal)")
		}
	case "xfs":
		if !rest.discarded {
			say("the few blocks that xfs holds ready for its own lists, as the device takes no discards")
		}
	default:
		say("old copies and what is kept back: how %s goes about that is not known here", v.Type)
	}
	return append(says, v.below.doubts()...)
}

// doubts says what layers below a file system may keep.
func (b blockDevice) doubts() []string {
	var thin, volume bool
	for _, id := range b.layers {
		thin = thin || strings.HasSuffix(id, "-tpool")
		volume = volume || strings.HasPrefix(id, "LVM-")
	}
	switch {
	case thin:
		return []string{"what the thin pool below it holds for snapshots or has not given out"}
	case volume:
		return []string{"what the volume group below it has not given out"}
	}
	return nil
}
