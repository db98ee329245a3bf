package distro

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"

	"imgcheck/internal/host"
)

// treeWalk walks folders of the image, each once, and stays on their file system:
// what is mounted below is another machine's, or none's.
type treeWalk struct {
	m *Machine
	// enter decides about folders below a tree.
	enter func(dir string) bool
	visit func(host.Entry) error
	// walked are the trees that were walked, without links; mounted the folders that
	// were passed over.
	walked, mounted []string
}

// distinct returns the folders that paths lead to, and own, which are free of links,
// none inside another that stands before it.
func (w *treeWalk) distinct(wanted, own []string) (trees []string, err error) {
	var problems []error
	for _, tree := range wanted {
		real, err := w.m.Root.Resolve(tree)
		problems = append(problems, err)
		if err == nil {
			trees = append(trees, real)
		}
	}
	var outer []string
	for _, tree := range append(trees, own...) {
		if tree != "/" && !slices.ContainsFunc(outer, func(t string) bool { return host.Inside(t, tree) }) {
			outer = append(outer, tree)
		}
	}
	return outer, errors.Join(problems...)
}

// walk visits all of one tree but its folders. It begins at the folder above, so that
// a file system that is mounted on the tree itself is noticed too.
func (w *treeWalk) walk(ctx context.Context, tree string) error {
	switch info, err := w.m.Root.Lstat(tree); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil || !info.IsDir():
		return err
	}
	err := w.m.Root.WalkMount(ctx, path.Dir(tree), func(e host.Entry) error {
		switch {
		case !host.Inside(tree, e.Path) && e.Info.IsDir():
			return fs.SkipDir
		case !host.Inside(tree, e.Path):
			return nil
		case !e.Info.IsDir():
			return w.visit(e)
		case e.Path != tree && !w.enter(e.Path), slices.Contains(w.walked, e.Path):
			return fs.SkipDir
		case e.Mount:
			w.mounted = append(w.mounted, e.Path)
		}
		return nil
	})
	w.walked = append(w.walked, tree)
	return err
}

// covers reports whether a folder without links lies in a tree that was walked.
func (w *treeWalk) covers(dir string) bool {
	return slices.ContainsFunc(w.walked, func(t string) bool { return host.Inside(t, dir) })
}
