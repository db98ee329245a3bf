//go:build e2e

// Package e2e tests the built binary on real things: Debian trees made by
// mmdebstrap with their own apt and dpkg, and a tree with dnf and rpm. Every test
// gets a copy-on-write copy of a cached tree, plants what it is about, and runs the
// binary twice: over the tree with --root, and live inside it by chroot. One more
// tree is booted by qemu, which emulates the processor, for what only a machine with
// systemd and a kernel of its own can tell, and for the life of a droplet: Packer builds
// an image by the template that is shipped, and droplets are booted from it. Nothing
// here needs a network once the trees are built, and nothing is left mounted or running.
//
// The package promises two things of the tool: what is planted is found, with the
// expected check, status and exit code, and nothing else in the report changes.
//
// Run it by "make e2e". The trees are kept in the user's cache folder, or where
// IMGCHECK_E2E_CACHE says, and built anew when what they are made from changes.
package e2e
