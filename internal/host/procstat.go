package host

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// procStat is what /proc/PID/stat says of a process.
type procStat struct {
	Process
	// terminal is the terminal that controls it, empty where none does.
	terminal string
	// ended: nobody has asked yet how it ended.
	ended bool
}

// parseProcStat reads such a line, as proc_pid_stat(5) has it. The name stands in
// parentheses and may hold any character, parentheses too.
func parseProcStat(line string) (procStat, error) {
	first, last := strings.IndexByte(line, '('), strings.LastIndexByte(line, ')')
	if first < 0 || last < first {
		return procStat{}, errors.New("its state has no name")
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line[:first]))
	if err != nil {
		return procStat{}, errors.New("its state has no id")
	}
	fields := strings.Fields(line[last+1:]) // state, parent, group, session, terminal
	if len(fields) < 5 {
		return procStat{}, errors.New("its state is not whole")
	}
	device, err := strconv.ParseInt(fields[4], 10, 64)
	if err != nil {
		return procStat{}, errors.New("its terminal is no number")
	}
	return procStat{
		Process:  Process{pid, line[first+1 : last]},
		terminal: terminalName(uint32(device)), //nolint:gosec // the kernel prints 32 bits as a signed number
		ended:    fields[0] == "Z" || fields[0] == "X",
	}, nil
}

// terminalName names a terminal by its device number, as the kernel's list of
// devices has them.
func terminalName(device uint32) string {
	major, minor := device>>8&0xfff, device&0xff|device>>12&0xfff00
	switch {
	case device == 0:
		return ""
	case major >= 136 && major <= 143: // of the Unix 98 pseudo terminals
		return fmt.Sprintf("pts/%d", (major-136)<<8+minor)
	case major == 4 && minor < 64:
		return fmt.Sprintf("tty%d", minor)
	case major == 4:
		return fmt.Sprintf("ttyS%d", minor-64)
	case major == 229:
		return fmt.Sprintf("hvc%d", minor)
	}
	return fmt.Sprintf("terminal %d:%d", major, minor)
}
