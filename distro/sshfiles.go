package distro

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"

	"imgcheck/internal/host"
)

// SSHRole is what a thing in an .ssh folder is there for.
type SSHRole int

// The roles.
const (
	// SSHOther has none of the other roles.
	SSHOther SSHRole = iota + 1
	// SSHAuthorizedKeys is one of the files AuthorizedKeysFiles may return.
	SSHAuthorizedKeys
	// SSHKnownHosts is a file of the host keys that ssh has met.
	SSHKnownHosts
	// SSHPrivateKey is a file that holds a private key or has the name of one.
	SSHPrivateKey
	// SSHFolder is a folder that holds something.
	SSHFolder
)

// SSHFile is one thing in some account's .ssh folder, at any depth.
type SSHFile struct {
	Path string
	Role SSHRole
	// Kind says in words what it is ("file", "fifo", "link to nothing").
	Kind string
	// Size is in bytes, of what a link leads to; 0 for what is no file.
	Size int64
	// PrivateKey is the kind of private key that its first MiB holds, or empty.
	PrivateKey string
	// Err is why it could not be looked at.
	Err error
}

// KeyNamed reports whether the file has one of the names that ssh gives to private
// keys by itself, and which are private keys to a reviewer whatever they hold.
func (f SSHFile) KeyNamed() bool { return slices.Contains(keyNames[:], path.Base(f.Path)) }

var keyNames = [...]string{"id_dsa", "id_ecdsa", "id_ed25519", "id_rsa"}

const privateKeyLimit = 1 << 20

// SSHFiles returns what lies in the .ssh folders of all homes, sorted by path. What
// could be looked at is returned beside an error that names the folders that could not.
func (m *Machine) SSHFiles(ctx context.Context) ([]SSHFile, error) { return m.sshFiles.get(ctx) }

func (m *Machine) readSSHFiles(ctx context.Context) ([]SSHFile, error) {
	homes, err := m.Homes(ctx)
	var files []SSHFile
	for _, h := range homes {
		for i, e := range h.SSH {
			if ctx.Err() != nil {
				return files, errors.Join(err, context.Cause(ctx))
			}
			f := m.sshFile(e)
			if f.Kind == "folder" && i+1 < len(h.SSH) && strings.HasPrefix(h.SSH[i+1].Path, e.Path+"/") {
				f.Role = SSHFolder
			}
			if f.Role == SSHOther {
				f.Role = sshRole(f, path.Join(h.Dir, ".ssh"))
			}
			files = append(files, f)
		}
	}
	sort.SliceStable(files, func(i, j int) bool { return files[i].Path < files[j].Path })
	return files, err
}

func (m *Machine) sshFile(e host.Entry) SSHFile {
	f := SSHFile{Path: e.Path, Role: SSHOther, Kind: fileKind(e.Info.Mode())}
	info := e.Info
	if info.Mode()&fs.ModeSymlink != 0 {
		var err error
		info, err = m.Root.Stat(e.Path)
		if errors.Is(err, fs.ErrNotExist) {
			f.Kind = "link to nothing"
			return f
		}
		if err != nil {
			f.Err = fmt.Errorf("looking into an .ssh folder: %w", err)
			return f
		}
		f.Kind = "link to a " + fileKind(info.Mode())
	}
	if !info.Mode().IsRegular() || info.Size() == 0 {
		return f
	}
	f.Size = info.Size()
	head, _, err := m.Root.ReadHead(e.Path, privateKeyLimit)
	if err != nil {
		f.Err = fmt.Errorf("looking for private keys: %w", err)
	}
	f.PrivateKey = PrivateKeyKind(head)
	return f
}

// sshRole goes by content first, then by name.
func sshRole(f SSHFile, dir string) SSHRole {
	name := path.Base(f.Path)
	regular := strings.HasSuffix(f.Kind, "file")
	top := path.Dir(f.Path) == dir
	switch {
	case f.PrivateKey != "":
		return SSHPrivateKey
	case regular && (f.KeyNamed() || f.Size == 0 && strings.HasPrefix(name, "id_") && !strings.HasSuffix(name, ".pub")):
		return SSHPrivateKey
	case top && (name == "authorized_keys" || name == "authorized_keys2"):
		return SSHAuthorizedKeys
	case regular && top && slices.Contains([]string{"known_hosts", "known_hosts.old", "known_hosts2"}, name):
		return SSHKnownHosts
	}
	return SSHOther
}

// fileKind names a type of file.
func fileKind(mode fs.FileMode) string {
	switch mode.Type() {
	case 0:
		return "file"
	case fs.ModeDir:
		return "folder"
	case fs.ModeSymlink:
		return "link"
	case fs.ModeNamedPipe:
		return "fifo"
	case fs.ModeSocket:
		return "socket"
	}
	return "device"
}
