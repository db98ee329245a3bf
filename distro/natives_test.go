package distro

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// program makes an ELF file of headers and notes alone.
func program(machine elf.Machine, needs uint32) []byte {
	var out bytes.Buffer
	header := elf.Header64{
		Type: uint16(elf.ET_DYN), Machine: uint16(machine), Version: 1, Phoff: 64, Ehsize: 64, Phentsize: 56, Phnum: 2,
	}
	copy(header.Ident[:], elf.ELFMAG)
	header.Ident[elf.EI_CLASS], header.Ident[elf.EI_DATA] = byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB)
	var notes []byte
	for _, word := range []uint32{4, 4, 1, 0x554e47, 0, 0, 4, 32, noteGNUProperty, 0x554e47, 0xc0000002, 4, 3, 0, propertyISANeeds, 4, needs, 0} {
		notes = binary.LittleEndian.AppendUint32(notes, word) // a build id, then the properties
	}
	load := elf.Prog64{Type: uint32(elf.PT_LOAD), Filesz: 1 << 40}
	note := elf.Prog64{Type: uint32(elf.PT_NOTE), Off: 176, Filesz: uint64(len(notes)), Align: 8}
	for _, part := range []any{header, load, note, notes} {
		_ = binary.Write(&out, binary.LittleEndian, part) // a buffer takes everything
	}
	return out.Bytes()
}

func TestReadELF(t *testing.T) {
	for needs, want := range map[uint32]int{0: 0, 1: 1, 2: 2, 3: 2, 4: 3, 7: 3, 15: 4, 8: 4, 1 << 10: 0} {
		e, err := readELF(bytes.NewReader(program(elf.EM_X86_64, needs)))
		require.NoError(t, err)
		assert.Equal(t, ELF{Machine: elf.EM_X86_64, Bits: 64, Level: want}, e, "%b", needs)
	}
	e, err := readELF(bytes.NewReader(program(elf.EM_AARCH64, 15)))
	require.NoError(t, err)
	assert.Equal(t, ELF{Machine: elf.EM_AARCH64, Bits: 64}, e)
	whole := program(elf.EM_X86_64, 4)
	for n := range whole { // wherever it is cut off
		e, err := readELF(bytes.NewReader(whole[:n]))
		if err == nil {
			assert.LessOrEqual(t, e.Level, 3)
		} else {
			assert.ErrorIs(t, err, errNotELF)
		}
	}
	for _, text := range []string{"", "\x7fEL", "#!/bin/sh\n", "\x7fELF"} {
		_, err := readELF(bytes.NewReader([]byte(text)))
		assert.ErrorIs(t, err, errNotELF)
	}
}

func FuzzELF(f *testing.F) {
	f.Add(program(elf.EM_X86_64, 7))
	f.Add(program(elf.EM_386, 0))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := readELF(bytes.NewReader(data))
		if err == nil && (e.Level < 0 || e.Level > 4 || e.Bits != 32 && e.Bits != 64) {
			t.Error(e)
		}
	})
}

// put writes a program into the tree.
func (m *Machine) put(t *testing.T, name string, data []byte, mode os.FileMode) {
	t.Helper()
	file := filepath.Join(m.Root.Dir(), name)
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, data, mode))
}

func TestNatives(t *testing.T) {
	m := treeMachine(t, accountsOverlay+"-- opt/fifo.so fifo --\n-- opt/link.so link=/opt/v3 --\n-- home/app dir --\n-- opt/script mode=0755 --\n#!/bin/sh\n"+
		"-- etc/passwd append --\nruby:x:1004:1004::/home/ruby:/bin/sh\n")
	v3, v2, none, arm := program(elf.EM_X86_64, 7), program(elf.EM_X86_64, 3), program(elf.EM_X86_64, 0), program(elf.EM_AARCH64, 15)
	for name, data := range map[string][]byte{
		"opt/v3": v3, "usr/local/bin/v2": v2, "usr/local/bin/none": none, "srv/arm": arm, "usr/local/lib/libx.so.1.2": v3,
		"usr/local/lib/glibc-hwcaps/x86-64-v3/libx.so": v3, "usr/bin/v3": v3, "home/ruby/app/v3": v3,
		"home/ruby/.gem/ruby/3.0.0/gems/a/lib/a.so": v3, "home/ruby/.gem/ruby/3.0.0/gems/b/lib/b.so": none,
		"var/lib/gems/3.1.0/extensions/x86_64-linux/3.1.0/c/c.so": none,
		"var/www/app/node_modules/x/build/Release/x.node":         none, "var/www/app/node_modules/x/prebuilds/linux-arm64/x.node": arm,
		"usr/local/lib/python3.11/dist-packages/y/z.cpython-311-x86_64-linux-gnu.so": none, "opt/plain.so": none,
	} {
		m.put(t, name, data, 0o755)
	}
	m.put(t, "opt/not-executable", v3, 0o644)
	found, err := m.Natives(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []DemandingFile{
		{"/home/ruby/.gem/ruby/3.0.0/gems/a/lib/a.so", 3}, {"/opt/v3", 3}, {"/usr/local/bin/v2", 2}, {"/usr/local/lib/libx.so.1.2", 3},
	}, found.Demanding)
	assert.Equal(t, []ExtensionFolder{
		{"/home/ruby/.gem/ruby/3.0.0/gems", "Ruby", 2}, {"/usr/local/lib/python3.11/dist-packages", "Python", 1},
		{"/var/lib/gems", "Ruby", 1}, {"/var/www/app/node_modules", "Node.js", 1},
	}, found.Extensions)
	_, err = treeMachine(t, accountsOverlay+"-- opt link=opt --\n").Natives(t.Context())
	assert.ErrorContains(t, err, "/opt")
}

func TestArchitecture(t *testing.T) {
	m := treeMachine(t, "-- usr/bin/env link=busybox --\n-- usr/bin/busybox --\n#!/bin/sh\n-- etc/os-release --\nID=debian\nVERSION_ID=\"12\"\n"+
		"-- var/lib/dpkg/status --\nPackage: dpkg\nStatus: install ok installed\nArchitecture: arm64\nVersion: 1\n\n")
	check := func(wantName, wantSource string) {
		t.Helper()
		name, source, err := m.Architecture(t.Context())
		assert.NoError(t, err)
		assert.Equal(t, wantName, name)
		assert.Equal(t, wantSource, source)
	}
	check("arm64", "package dpkg")
	m.put(t, "bin/sh", program(elf.EM_386, 0), 0o755)
	check("i386", "/bin/sh")
	m.put(t, "usr/bin/busybox", program(elf.EM_X86_64, 0), 0o755)
	check(AMD64, "/usr/bin/env")
	m = treeMachine(t, "-- etc/os-release --\nID=rocky\nVERSION_ID=\"8\"\n-- boot/vmlinuz-4.18.0-553.el8_10.x86_64 --\n")
	check(AMD64, "kernel 4.18.0-553.el8_10.x86_64")
	_, _, err := treeMachine(t, "-- etc dir --\n").Architecture(t.Context())
	assert.ErrorIs(t, err, errNoArchitecture)
	for _, e := range []struct {
		ELF
		want string
	}{{ELF{Machine: elf.EM_X86_64, Bits: 32}, "x32"}, {ELF{Machine: elf.EM_RISCV, Bits: 64}, "riscv"}, {ELF{Machine: elf.EM_AARCH64, Bits: 64}, "arm64"}} {
		assert.Equal(t, e.want, processor(e.ELF))
	}
}
