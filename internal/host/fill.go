package host

import "context"

// FileSystem is one local, writable file system of the image.
type FileSystem struct {
	// Mount is where it is mounted, as seen inside the root.
	Mount string
	// Type is the kernel's name of its kind ("ext4"), Device the block device.
	Type, Device string
	// Free is how many bytes are free, those too that are kept for root.
	Free int64
}

// Filled is what was reached of the free space of a file system.
type Filled struct {
	// Bytes is how much was overwritten.
	Bytes int64
	// Unreached says what could not be reached and may still hold old data, a line each.
	Unreached []string
}

// FileSystems returns the local, writable file systems of the image, sorted by where
// they are mounted. File systems of other disks (attached volumes, network shares) are
// no part of it.
func (h *Host) FileSystems(context.Context) ([]FileSystem, error) { return nil, nil }

// Fill overwrites all free space of a file system with zeros. Progress may be nil.
func (h *Host) Fill(_ context.Context, _ FileSystem, _ *Recovery, _ func(done, total int64)) (Filled, error) {
	return Filled{}, nil
}

// Trim tells the device of a file system which of its blocks are free, and returns how
// many bytes those are.
func (h *Host) Trim(context.Context, FileSystem) (int64, error) { return 0, nil }

// RestoreReserve gives a file system back the reserve that was lifted.
func (h *Host) RestoreReserve(context.Context, Debt) error { return nil }
