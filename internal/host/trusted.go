package host

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// mostLinks is how many links a path may lead through, as the kernel has it.
const mostLinks = 40

const (
	// writableByOthers are the bits of group and others; with an ACL those of the group
	// are its mask, so that they tell of it too.
	writableByOthers = 0o022
	openToOthers     = "can be written by others than its owner"
)

// Untrusted says that somebody other than root could change, or could put something else
// in the place of, what root is about to run.
type Untrusted struct {
	// File is the file or folder of this computer that is too open.
	File string
	// Why completes the sentence "File ...".
	Why string
}

// Error names the file and what is wrong with it.
func (u Untrusted) Error() string { return fmt.Sprintf("%q %s", u.File, u.Why) }

// keeper is who, beside root, may change what is run. Nobody's things are looked at
// where it is anyone.
type keeper int

const anyone keeper = -1

// lead follows a path of this computer to what it names, without links. Every folder
// and link on the way has to be trusted: whoever can change one of them decides where
// the path leads.
func (k keeper) lead(name string) (string, fs.FileInfo, error) {
	if !filepath.IsAbs(name) {
		dir, err := os.Getwd()
		if err != nil {
			return "", nil, err
		}
		name = dir + "/" + name
	}
	at, rest := "/", strings.Split(name, "/")
	for links := 0; ; {
		info, err := os.Lstat(at)
		if err != nil {
			return "", nil, err
		}
		if err := k.accept(at, info, info.Mode()&fs.ModeSticky != 0); err != nil {
			return "", nil, err
		}
		switch {
		case info.Mode()&fs.ModeSymlink != 0:
			if links++; links > mostLinks {
				return "", nil, &fs.PathError{Op: "open", Path: name, Err: syscall.ELOOP}
			}
			target, err := os.Readlink(at)
			if err != nil {
				return "", nil, err
			}
			if at = filepath.Dir(at); filepath.IsAbs(target) {
				at = "/"
			}
			rest = append(strings.Split(target, "/"), rest...)
		case len(rest) == 0:
			return at, info, nil
		default:
			// What stands in at has no links in it, so that ".." is the folder above.
			at, rest = filepath.Join(at, rest[0]), rest[1:]
		}
	}
}

// accept makes sure that only root and the keeper can change a file. In a sticky folder
// others can add something and still move nothing of ours.
func (k keeper) accept(file string, info fs.FileInfo, sticky bool) error {
	if k == anyone {
		return nil
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return errors.New("the owners of files are not known here")
	}
	if stat.Uid != 0 && int64(stat.Uid) != int64(k) {
		return Untrusted{file, fmt.Sprintf("belongs to the user with the id %d, not to root", stat.Uid)}
	}
	if info.Mode().Perm()&writableByOthers != 0 && info.Mode()&fs.ModeSymlink == 0 && (!info.IsDir() || !sticky) {
		return Untrusted{file, openToOthers}
	}
	return nil
}
