package distro

import (
	"context"
	"debug/elf"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"

	"imgcheck/internal/host"
)

// nativeTrees are where programs and libraries lie that no package of the
// distribution brought; nativeHomes are the same below a home.
var (
	nativeTrees = [...]string{"/usr/local", "/opt", "/srv", "/var/www", "/var/lib/gems"}
	nativeHomes = [...]string{".gem", ".local", ".cargo", ".rbenv", ".rvm", ".nvm", ".pyenv"}
)

// capableOnly are folders from which the linker takes a library only where the
// processor can do what it needs.
const capableOnly = "glibc-hwcaps"

// nativeFiles bounds how many files are looked at for natives.
const nativeFiles = 300_000

// languageOf returns the language whose packages lie in folders of that name, or "".
func languageOf(folder string) string {
	switch folder {
	case "node_modules":
		return "Node.js"
	case "site-packages", "dist-packages":
		return "Python"
	case "gems", "extensions":
		return "Ruby"
	}
	return ""
}

// Natives are the programs and libraries that no package of the distribution brought.
type Natives struct {
	// Demanding are those whose notes name a level of x86-64 as needed, by path.
	Demanding []DemandingFile
	// Extensions are the native extensions of languages, by folder.
	Extensions []ExtensionFolder
}

// DemandingFile is a program or library that names the level of x86-64 it needs.
type DemandingFile struct {
	Path  string
	Level int // 1 to 4
}

// ExtensionFolder is a folder of a language's packages with native extensions.
type ExtensionFolder struct {
	Path, Language string
	Count          int
}

// Natives looks through the folders for programs that are built or unpacked rather
// than installed, and the folders of languages' packages in homes. What could be
// looked at is returned, sorted by path, beside an error that names what could not.
func (m *Machine) Natives(ctx context.Context) (Natives, error) {
	s := nativeSearch{m: m}
	w := treeWalk{m: m, enter: func(dir string) bool { return path.Base(dir) != capableOnly && path.Base(dir) != ".git" }, visit: s.file}
	homes, homesErr := m.Homes(ctx)
	var inHomes []string
	for _, h := range homes {
		for _, name := range nativeHomes {
			if h.Has(name) && (privateFolder(h.Dir) || h.Dir == "/root") {
				inHomes = append(inHomes, path.Join(h.Real, name))
			}
		}
	}
	trees, err := w.distinct(nativeTrees[:], inHomes)
	problems := []error{homesErr, err}
	for _, tree := range trees {
		problems = append(problems, w.walk(ctx, tree))
		if s.files > nativeFiles {
			break
		}
	}
	sort.Slice(s.found.Demanding, func(i, j int) bool { return s.found.Demanding[i].Path < s.found.Demanding[j].Path })
	sort.Slice(s.found.Extensions, func(i, j int) bool { return s.found.Extensions[i].Path < s.found.Extensions[j].Path })
	if err := errors.Join(append(problems, s.problems...)...); err != nil {
		return s.found, fmt.Errorf("looking for programs that are not of packages: %w", err)
	}
	return s.found, nil
}

type nativeSearch struct {
	m        *Machine
	found    Natives
	files    int
	problems []error
}

// file looks at one file, if it may be a program or a library.
func (s *nativeSearch) file(e host.Entry) error {
	name, mode := path.Base(e.Path), e.Info.Mode()
	if s.files++; s.files > nativeFiles {
		return fmt.Errorf("%w: %d files, up to %s", errSearchEnded, nativeFiles, e.Path)
	}
	library := strings.HasSuffix(name, ".so") || strings.Contains(name, ".so.") || strings.HasSuffix(name, ".node")
	if !mode.IsRegular() || e.Info.Size() < elfHeaderSize || !library && mode.Perm()&0o111 == 0 {
		return nil
	}
	program, err := s.m.elf(e.Path)
	switch {
	case errors.Is(err, errNotELF), errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		s.problems = append(s.problems, err)
		return nil
	}
	if program.Level > 0 {
		s.found.Demanding = append(s.found.Demanding, DemandingFile{e.Path, program.Level})
	}
	if library && program.Machine == elf.EM_X86_64 && program.Bits == 64 {
		s.extension(e.Path)
	}
	return nil
}

// extension counts a library that lies among a language's packages.
func (s *nativeSearch) extension(name string) {
	names := strings.Split(name, "/")
	for i, part := range names[:len(names)-1] {
		language := languageOf(part)
		if language == "" {
			continue
		}
		dir := strings.Join(names[:i+1], "/")
		for j := range s.found.Extensions {
			if s.found.Extensions[j].Path == dir {
				s.found.Extensions[j].Count++
				return
			}
		}
		s.found.Extensions = append(s.found.Extensions, ExtensionFolder{dir, language, 1})
		return
	}
}

// elf reads the headers of a file in the tree.
func (m *Machine) elf(name string) (e ELF, err error) {
	f, err := m.Root.Open(name)
	if err != nil {
		return ELF{}, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return readELF(f)
}
