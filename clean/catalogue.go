package clean

// Catalogue returns every step in the order in which they run within a stage.
//
// The order is part of what they do. Packages come first, as their scripts write
// logs, files in /tmp and units. What would write again is stopped before anything
// secret goes. Histories and keys go before the logs, which may speak of them. Logs
// go after everything that writes them, the identity after that, as its daemons log
// too. Then the checks look. Only what they find publishable is sealed: the host
// keys, as nobody can log in without them, and last the free space, which by then
// holds all that was ever removed.
func Catalogue() []*Step {
	return []*Step{
		wait(),
		upgrade(),
		autoremove(),
		doAgent(),
		packageCache(),
		aptLists(),
		quiet(),

		sshKeys(),
		history(),
		rootPassword(),
		userPasswords(),
		privateKeys(),
		credentialSecret(),

		mail(),
		temp(),
		crashDumps(),
		accountBackups(),
		installerFiles(),
		fileIndex(),
		swap(),
		cloudInitSemaphores(),

		logs(),

		cloudInit(),
		identity(),

		hostKeys(),
		zeroFill(),
		self(),
	}
}
