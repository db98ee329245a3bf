package check

// Catalogue returns every check in the order in which results are shown: what the
// machine is, whether it boots and can be reached, what is installed, and then
// what must not be left in the image.
func Catalogue() []*Check {
	usual := Usual()
	return []*Check{
		osSupported(),
		osRelease(),
		osEOL(),

		cloudInit(),
		cloudInitEnabled(),
		cloudInitDatasource(),
		opensshServer(),
		firstBootScripts(),
		firstLoginScript(),
		motd(),
		firewall(),

		securityUpdates(),
		updates(),
		packageSources(),
		packageState(),
		rebootRequired(),

		logArchives(),
		logFiles(usual),
		journal(),
		loginRecords(),

		rootPassword(),
		userPasswords(usual),
		systemPasswords(),
		uidZero(),

		authorizedKeys(),
		privateKeys(),
		knownHosts(),
		sshFiles(),
		sshHostKeys(),
		sshdConfig(),
		shellHistory(usual),

		credentials(),
		logSecrets(),
		doAgent(),

		machineID(),
		cloudInitState(),
		networkIdentity(),
		randomSeed(),

		mailSpool(),
		tempFiles(),
		crashDumps(),
		accountBackups(),
		installerFiles(),
		swap(),
		diskSize(usual),
		dropletFeatures(),
		architecture(),
	}
}
