package clean

import (
	"fmt"
	"io/fs"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

// Op is one kind of change. The zero value is none of them.
type Op uint8

// The operations. There are no others, and no step has a way around them.
const (
	// OpTruncate overwrites a regular file and cuts it to nothing; owner and mode stay.
	OpTruncate Op = iota + 1
	// OpRemove overwrites a regular file and removes its name.
	OpRemove
	// OpUnlink removes a name and overwrites nothing: of a link, a socket, a fifo, or
	// of a file that has other names or is still being read.
	OpUnlink
	// OpRemoveFolder removes an empty folder.
	OpRemoveFolder
	// OpWrite gives a regular file new contents at once; the old ones are overwritten.
	OpWrite
	// OpRun calls a program of the machine.
	OpRun
	// OpStop stops a unit until the run ends, or for good where it succeeds.
	OpStop
	// OpWait waits for something to end.
	OpWait
	// OpFill overwrites the free space of a file system.
	OpFill
	// OpTrim tells the device of a file system which blocks are free.
	OpTrim
	// OpLeave does nothing: it says what was left alone and why.
	OpLeave
)

// String returns the operation as the JSON report has it.
func (o Op) String() string {
	switch o {
	case OpTruncate:
		return "truncate"
	case OpRemove:
		return "remove"
	case OpUnlink:
		return "unlink"
	case OpRemoveFolder:
		return "remove-folder"
	case OpWrite:
		return "write"
	case OpRun:
		return "run"
	case OpStop:
		return "stop"
	case OpWait:
		return "wait"
	case OpFill:
		return "fill"
	case OpTrim:
		return "trim"
	case OpLeave:
		return "leave"
	}
	return fmt.Sprintf("Op(%d)", int(o))
}

// Action is one planned change. It is data: whoever prints it has said all that will
// be done.
type Action struct {
	Op Op
	// At is what is changed.
	At host.Place
	// Size is how many bytes the file holds now.
	Size int64
	// Data and Perm are what OpWrite writes. Data is never shown.
	Data []byte
	Perm fs.FileMode
	// Call is what OpRun runs.
	Call *distro.Call
	// Unit is what OpStop stops.
	Unit string
	// Await is what OpWait waits for.
	Await *distro.Await
	// FileSystem is what OpFill and OpTrim work on.
	FileSystem *host.FileSystem
	// Note says why, where the operation alone does not: the reason of an OpLeave, or
	// what a name that is removed was.
	Note string
}

// Status is what became of an action. The zero value is none of them.
type Status uint8

// The statuses.
const (
	Planned Status = iota + 1
	Done
	Failed
	Skipped
)

// String returns the status as the JSON report has it.
func (s Status) String() string {
	switch s {
	case Planned:
		return "planned"
	case Done:
		return "done"
	case Failed:
		return "failed"
	case Skipped:
		return "skipped"
	}
	return fmt.Sprintf("Status(%d)", int(s))
}

// Outcome is an action and what became of it.
type Outcome struct {
	*Action
	Status Status
	// Bytes is how much was freed or, of an OpFill, overwritten.
	Bytes int64
	// Err is why it failed, or why it was skipped.
	Err error
	// held is the file while it is overwritten and not yet cut.
	held host.Overwritten
	// zeros says that the file was overwritten.
	zeros bool
}

// Result is what became of one step in one stage.
type Result struct {
	Step     *Step
	Stage    Stage
	Outcomes []Outcome
	// Err is why the step could not be planned whole, or what was still there afterwards.
	Err error
}

// Failed reports whether anything of the step did not work.
func (r Result) Failed() bool {
	if r.Err != nil {
		return true
	}
	for _, o := range r.Outcomes {
		if o.Status == Failed {
			return true
		}
	}
	return false
}
