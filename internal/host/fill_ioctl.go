package host

import (
	"context"
	"errors"
	"math"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The requests of linux/fs.h, linux/fsmap.h, linux/fiemap.h, ext4.h and
// xfs_fs.h that are made
// here.
const (
	requestTrim        = 0xc0185879 // FITRIM
	requestFreeMap     = 0xc0c0583b // FS_IOC_GETFSMAP
	requestFileMap     = 0xc020660b // FS_IOC_FIEMAP
	requestCheckpoint  = 0x4004662b // EXT4_IOC_CHECKPOINT
	requestXFSGeometry = 0x80705864 // XFS_IOC_FSGEOMETRY_V1
	requestXFSAllotted = 0x8080583a // XFS_IOC_FREE_EOFBLOCKS
)

// ioctl makes one request about an open file.
func ioctl(fd int, request uintptr, argument unsafe.Pointer) error {
	for {
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), request, uintptr(argument))
		switch errno {
		case 0:
			return nil
		case unix.EINTR:
		default:
			return errno
		}
	}
}

// discard tells the device which blocks in a part of a file system are free, and
// returns how many bytes those are.
func discard(fd int, start, length int64) (int64, error) {
	part := struct{ start, length, smallest uint64 }{uint64(start), uint64(length), 0} //nolint:gosec // neither is negative
	err := ioctl(fd, requestTrim, unsafe.Pointer(&part))                               //nolint:gosec // what the request takes
	return int64(part.length), err                                                     //nolint:gosec // no device has 2^63 bytes
}

// freeAllotted makes xfs free what it has given to files beyond their ends, and what
// files held that are gone; both it does at its leisure otherwise.
func freeAllotted(fd int) error {
	request := struct {
		version, flags, uid, gid, project, _ uint32
		smallest                             uint64
		_                                    [12]uint64
	}{version: 1, flags: 1} // wait for it
	err := ioctl(fd, requestXFSAllotted, unsafe.Pointer(&request)) //nolint:gosec // what the request takes
	if errors.Is(err, unix.ENOTTY) || errors.Is(err, unix.EOPNOTSUPP) {
		return nil // older than that, it does so at once
	}
	return err
}

// xfsGroupSize is the size of xfs' allocation groups in bytes.
func xfsGroupSize(fd int) (int64, error) {
	var geometry struct {
		block, _, groupBlocks uint32
		_                     [100]byte
	}
	err := ioctl(fd, requestXFSGeometry, unsafe.Pointer(&geometry)) //nolint:gosec // what the request takes
	return int64(geometry.block) * int64(geometry.groupBlocks), err
}

// mapping is struct fsmap.
type mapping struct {
	device, flags                   uint32
	physical, owner, offset, length uint64
	_                               [3]uint64
}

// errNoMap says that the kernel or the file system cannot list free blocks.
var errNoMap = errors.New("free blocks cannot be listed")

// freeRuns lists the free blocks of a file system, sorted.
func freeRuns(ctx context.Context, fd int) ([]stretch, error) {
	const special, last, ownerFree = 0x10, 0x20, 1
	var request struct {
		_, _, count, entries uint32
		_                    [6]uint64
		low, high            mapping
		found                [2048]mapping
	}
	request.count = uint32(len(request.found))
	request.high = mapping{device: math.MaxUint32, flags: math.MaxUint32, physical: math.MaxUint64, owner: math.MaxUint64, offset: math.MaxUint64}
	var free []stretch
	for {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		err := ioctl(fd, requestFreeMap, unsafe.Pointer(&request)) //nolint:gosec // what the request takes
		if errors.Is(err, unix.ENOTTY) || errors.Is(err, unix.EOPNOTSUPP) {
			err = errNoMap
		}
		if err != nil || request.entries == 0 {
			return free, err
		}
		for _, m := range request.found[:request.entries] {
			if m.flags&special != 0 && m.owner == ownerFree {
				free = append(free, stretch{device: m.device, start: int64(m.physical), end: int64(m.physical + m.length)}) //nolint:gosec // no device has 2^63 bytes
			}
		}
		request.low = request.found[request.entries-1] // it goes on behind that
		if request.low.flags&last != 0 {
			return free, nil
		}
	}
}

// fileExtents lists where the contents of a file lie.
func fileExtents(fd int) ([]extent, error) {
	const last, unplaced = 0x1, 0x2 | 0x4
	var request struct {
		start, length       uint64
		_, mapped, count, _ uint32
		found               [512]struct {
			logical, physical, length uint64
			_                         [2]uint64
			flags                     uint32
			_                         [3]uint32
		}
	}
	var extents []extent
	for {
		request.length, request.mapped, request.count = math.MaxInt64-request.start, 0, uint32(len(request.found))
		err := ioctl(fd, requestFileMap, unsafe.Pointer(&request)) //nolint:gosec // what the request takes
		if err != nil || request.mapped == 0 {
			return extents, err
		}
		for _, e := range request.found[:request.mapped] {
			if e.flags&unplaced == 0 {
				extents = append(extents, extent{at: int64(e.logical), physical: int64(e.physical), length: int64(e.length)}) //nolint:gosec // no file has 2^63 bytes
			}
			if e.flags&last != 0 {
				return extents, nil
			}
			request.start = e.logical + e.length
		}
	}
}
