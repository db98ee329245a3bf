package check

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"imgcheck/distro"
)

// program lays an ELF file of headers and notes into a machine's tree, which names
// those levels of x86-64 as needed.
func program(name string, machine elf.Machine, levels uint32) func(*testing.T, *distro.Machine) {
	return func(t *testing.T, m *distro.Machine) {
		t.Helper()
		header := elf.Header64{Machine: uint16(machine), Phoff: 64, Phentsize: 56, Phnum: 1}
		copy(header.Ident[:], elf.ELFMAG+"\x02\x01\x01")
		note := elf.Prog64{Type: uint32(elf.PT_NOTE), Off: 120, Filesz: 32, Align: 8}
		var out bytes.Buffer
		for _, part := range []any{header, note, []uint32{4, 16, 5, 0x554e47, 0xc0008002, 4, levels, 0}} {
			require.NoError(t, binary.Write(&out, binary.LittleEndian, part))
		}
		file := filepath.Join(m.Root.Dir(), name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.RemoveAll(file))
		require.NoError(t, os.WriteFile(file, out.Bytes(), 0o755))
	}
}

func TestArchitecture(t *testing.T) {
	testCheck(t, architecture(), []row{
		{name: "nothing of its own", want: Pass},
		{name: "a program that needs v2", change: program("opt/app", elf.EM_X86_64, 3), want: Pass},
		{name: "a program of a package", change: program("usr/bin/app", elf.EM_X86_64, 7), want: Pass},
		{
			name: "a program that needs v3", change: program("opt/app/bin/app", elf.EM_X86_64, 7), want: Warn,
			findings: []string{"warn /opt/app/bin/app needs x86-64-v3"},
		},
		{
			name: "a library that needs v4", change: program("usr/local/lib/libx.so.1", elf.EM_X86_64, 9), want: Warn,
			findings: []string{"warn /usr/local/lib/libx.so.1 needs x86-64-v4"},
		},
		{
			name: "a native extension", change: program("var/www/node_modules/x/x.node", elf.EM_X86_64, 0), want: Pass,
			findings: []string{"note /var/www/node_modules native extensions of Node.js: 1"},
		},
		{
			name: "a system for another processor", change: program("usr/bin/env", elf.EM_AARCH64, 0), want: Warn,
			findings: []string{"warn  the system is made for arm64 (/usr/bin/env), and droplets are amd64"},
		},
		{name: "nothing tells the processor", machine: "not-a-system", want: Error, err: "tells for which processor"},
		{name: "a folder that is a loop", overlay: "-- srv link=srv --\n", want: Error, err: "/srv"},
	})
}
