package clean

import (
	"context"
	"errors"
	"io/fs"
	"path"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func swap() *Step {
	return &Step{
		ID:    "swap",
		Title: "The image holds no swap",
		Doc: "Switches off the swap files that /etc/fstab or the kernel names, overwrites and removes them, and takes their lines out of fstab: what was in memory may be in them, " +
			"and every droplet would carry them. A file is one only if mkswap has marked it. Swap partitions are named and left. " +
			"It is not done by default, as an application may count on its swap.",
		Script: "cleanup.sh does nothing here.",
		Sources: []string{
			"https://libguestfs.org/virt-sparsify.1.html",
			"https://github.com/bitwarden/self-host",
		},
		Stages: []Stage{StageLeftovers},
		Plan:   planSwap,
	}
}

func planSwap(ctx context.Context, s *Scope) ([]*Action, error) {
	p := newPlan(s)
	swaps, err := s.Swaps(ctx)
	p.problem(err)
	var files, gone []string
	for _, swap := range swaps {
		at := host.At(swap.Path)
		switch {
		case swap.File && p.kept(at):
		case swap.File:
			files, gone = append(files, swap.Path), append(gone, swap.Path)
			if swap.Active {
				p.add(Action{Op: OpRun, Call: s.SwapOff(swap.Path)})
			}
		case path.IsAbs(swap.Path) && p.missing(swap.Path):
			gone = append(gone, swap.Path)
		default:
			p.leave(host.Place{Path: swap.Path}, "swap that is no file which mkswap has marked, left alone")
		}
	}
	for _, name := range files {
		p.remove(host.At(name))
	}
	// Last, so that a run which ends early finds the files again.
	p.fstab(gone)
	return p.end()
}

func (p *plan) missing(name string) bool {
	_, err := p.scope.Root.Lstat(name)
	return errors.Is(err, fs.ErrNotExist)
}

// fstab plans to take the lines of these swaps out.
func (p *plan) fstab(swaps []string) {
	data, changed, err := p.scope.FstabWithout(swaps)
	p.problem(err)
	if changed {
		p.write(host.At(distro.FstabFile), data, "without its lines for swap files")
	}
}
