package clean

import (
	"context"
	"path"
	"strings"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func installerFiles() *Step {
	return &Step{
		ID:    "installer-files",
		Title: "Nothing of the installer and the build remains",
		Doc: "Removes the answers of Red Hat's installer in /root (anaconda-ks.cfg and its kin hold the hash of root's password), what is in /var/log/installer, " +
			"the folders that Ansible works in in the homes of all accounts, and this program's JSON reports that lie in /root or a home below /home. " +
			"Collections and roles of Ansible stay, and so does what the installer has configured: see the check cloud-init-datasource.",
		Script: "cleanup.sh does nothing here.",
		Sources: []string{
			"https://libguestfs.org/virt-sysprep.1.html",
			"https://docs.ansible.com/ansible/latest/reference_appendices/config.html#default-remote-tmp",
		},
		Stages:  []Stage{StageLeftovers},
		Default: true,
		Plan:    planInstallerFiles,
	}
}

func planInstallerFiles(ctx context.Context, s *Scope) ([]*Action, error) {
	p := newPlan(s)
	p.each(OpRemove, distro.InstallerFiles()...)
	for _, dir := range p.folders([]string{distro.InstallerLogDir}) {
		p.contents(ctx, dir)
	}
	homes, err := s.Homes(ctx)
	p.problem(err)
	for _, home := range homes {
		p.residue(ctx, home)
	}
	reports, err := s.Reports()
	p.problem(err)
	for _, name := range reports {
		p.remove(host.At(name))
	}
	return p.end()
}

// residue plans for what the tools that build images have left in a home, and for
// the folder around it where it holds nothing else.
func (p *plan) residue(ctx context.Context, home distro.Home) {
	gone := map[string]bool{}
	for _, below := range distro.BuildResidue() {
		first, second, _ := strings.Cut(below, "/")
		if home.Has(first) {
			p.tree(ctx, host.Place{Top: home.Dir, Path: path.Join(home.Dir, below)})
			gone[second] = true
		}
	}
	if !home.Has(distro.BuildResidueParent) {
		return
	}
	parent := host.Place{Top: home.Dir, Path: path.Join(home.Dir, distro.BuildResidueParent)}
	info, err := p.scope.Root.Lstat(parent.Path)
	if err != nil || !info.IsDir() {
		p.problem(err)
		return
	}
	entries, err := p.scope.Root.ReadDir(parent.Path)
	p.problem(err)
	for _, e := range entries {
		if !gone[e.Name()] {
			return
		}
	}
	p.add(Action{Op: OpRemoveFolder, At: parent})
}
