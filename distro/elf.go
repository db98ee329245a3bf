package distro

import (
	"debug/elf"
	"encoding/binary"
	"errors"
	"io"
)

// ELF is what the headers of a program or library say of the processor that it is
// made for.
type ELF struct {
	Machine elf.Machine
	Bits    int // 32 or 64
	// Level is the x86-64 level that its notes name as needed: 1 to 4 for the baseline
	// to v4, 0 where they name none. It is the linker's word; most programs have none.
	Level int
}

// errNotELF says that a file is no program or library, or that its headers are damaged.
var errNotELF = errors.New("not an ELF file")

const (
	elfHeaderSize = 64
	// elfSegments and elfNoteSize bound what is read of a hostile file.
	elfSegments = 256
	elfNoteSize = 64 << 10

	noteGNUProperty  = 5          // NT_GNU_PROPERTY_TYPE_0
	propertyISANeeds = 0xc0008002 // GNU_PROPERTY_X86_ISA_1_NEEDED of the x86-64 psABI
)

// readELF reads the headers and the notes of an ELF file: 64 bytes, the table of its
// segments, and the segments of notes. debug/elf's own reader goes through all
// sections and their names, of which a file may claim gigabytes.
func readELF(file io.ReaderAt) (ELF, error) {
	header := make([]byte, elfHeaderSize)
	n, err := file.ReadAt(header, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return ELF{}, err
	}
	if n < 20 || string(header[:4]) != elf.ELFMAG {
		return ELF{}, errNotELF
	}
	var order binary.ByteOrder = binary.LittleEndian
	if elf.Data(header[elf.EI_DATA]) == elf.ELFDATA2MSB {
		order = binary.BigEndian
	}
	e := ELF{Machine: elf.Machine(order.Uint16(header[18:])), Bits: 32}
	if elf.Class(header[elf.EI_CLASS]) == elf.ELFCLASS64 {
		e.Bits = 64
	}
	if e.Machine != elf.EM_X86_64 || e.Bits != 64 || n < elfHeaderSize {
		return e, nil
	}
	e.Level, err = noteLevel(file, order, header)
	return e, err
}

// noteLevel reads the segments of notes.
func noteLevel(file io.ReaderAt, order binary.ByteOrder, header []byte) (int, error) {
	offset, size, count := order.Uint64(header[32:]), uint64(order.Uint16(header[54:])), int(order.Uint16(header[56:]))
	level := 0
	for i := range min(count, elfSegments) {
		segment := make([]byte, 56)
		if size < uint64(len(segment)) {
			return level, nil
		}
		whole, err := readAt(file, segment, offset+uint64(i)*size)
		if err != nil || !whole {
			return level, err
		}
		kind := elf.ProgType(order.Uint32(segment))
		if kind != elf.PT_NOTE && kind != elf.PT_GNU_PROPERTY {
			continue
		}
		notes := make([]byte, min(order.Uint64(segment[32:]), elfNoteSize))
		whole, err = readAt(file, notes, order.Uint64(segment[8:]))
		if err != nil {
			return level, err
		}
		if whole {
			level = max(level, levelOf(isaNeeds(notes, order, order.Uint64(segment[48:]))))
		}
	}
	return level, nil
}

// readAt fills p from there, and reports whether the file is long enough for it.
func readAt(file io.ReaderAt, p []byte, offset uint64) (bool, error) {
	if offset > 1<<62 {
		return false, nil
	}
	n, err := file.ReadAt(p, int64(offset))
	if n == len(p) || errors.Is(err, io.EOF) {
		return n == len(p), nil
	}
	return false, err
}

// isaNeeds returns the bits of the levels that the notes name as needed. What a note
// says and the next one begin at multiples of align.
func isaNeeds(notes []byte, order binary.ByteOrder, alignment uint64) uint32 {
	align := 4
	if alignment == 8 {
		align = 8
	}
	const header = 12
	var needs uint32
	for len(notes) >= header {
		nameSize, size, kind := order.Uint32(notes), order.Uint32(notes[4:]), order.Uint32(notes[8:])
		name, _, ok := padded(notes[header:], nameSize, 1)
		if !ok {
			return needs
		}
		_, rest, _ := padded(notes, header+nameSize, align)
		properties, rest, ok := padded(rest, size, align)
		if !ok {
			return needs
		}
		if kind == noteGNUProperty && string(name) == "GNU\x00" {
			needs |= propertyNeeds(properties, order)
		}
		notes = rest
	}
	return needs
}

func propertyNeeds(properties []byte, order binary.ByteOrder) uint32 {
	var needs uint32
	for len(properties) >= 8 {
		kind, size := order.Uint32(properties), order.Uint32(properties[4:])
		value, rest, ok := padded(properties[8:], size, 8)
		if !ok {
			return needs
		}
		if kind == propertyISANeeds && len(value) == 4 {
			needs |= order.Uint32(value)
		}
		properties = rest
	}
	return needs
}

// padded cuts off so many bytes and what fills them up to a multiple of align; the
// filling may be missing at the end.
func padded(data []byte, size uint32, align int) (value, rest []byte, ok bool) {
	if uint64(size) > uint64(len(data)) {
		return nil, nil, false
	}
	end := (int(size) + align - 1) / align * align
	return data[:size], data[min(end, len(data)):], true
}

// levelOf turns the bits of the levels into the highest one.
func levelOf(needs uint32) int {
	for level := 4; level > 0; level-- {
		if needs&(1<<(level-1)) != 0 {
			return level
		}
	}
	return 0
}
