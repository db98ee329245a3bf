package distro

import (
	"path"
	"slices"
	"strings"

	"imgcheck/internal/host"
)

// secretTrees are the folders that are searched for secrets as a whole, those first
// that matter most if a bound ends the search.
var secretTrees = [...]string{
	"/root", "/home", "/etc", "/usr/local/etc", "/usr/local/bin", "/usr/local/sbin", "/var/lib/cloud/scripts",
	"/var/lib/digitalocean", "/srv", "/var/www", "/opt",
}

// unsearched are folders, by name, that hold what others published or what a program
// fetched, and the .ssh folders, which have checks of their own.
var unsearched = [...]string{
	".ssh", ".cache", ".npm", ".rustup", "node_modules", "bower_components", "site-packages", "dist-packages", "gems", "__pycache__",
}

// unsearchedPaths are the same by what their path ends with.
var unsearchedPaths = [...]string{"/.git/objects", "/.cargo/registry", "/go/pkg/mod", "/.pyenv/versions", "/.rbenv/versions", "/.nvm/versions", "/.local/share/Trash"}

func searched(dir string) bool {
	return !slices.Contains(unsearched[:], path.Base(dir)) &&
		!slices.ContainsFunc(unsearchedPaths[:], func(end string) bool { return strings.HasSuffix(dir, end) })
}

// notPrivate are folders of the system in which the homes of accounts may lie without
// being anybody's own.
var notPrivate = [...]string{"/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/run", "/sbin", "/sys", "/usr", "/var/run"}

// ownHomes returns the homes that are a person's, and no folder of the system's, so
// that all of them is searched.
func ownHomes(homes []Home, accounts []Account) []string {
	var own []string
	for _, h := range homes {
		person := slices.ContainsFunc(accounts, func(a Account) bool { return a.User && slices.Contains(h.Accounts, a.Name) })
		if person && privateFolder(h.Dir) {
			own = append(own, h.Real)
		}
	}
	return own
}

func privateFolder(dir string) bool {
	return strings.Count(path.Clean(dir), "/") > 1 && !slices.ContainsFunc(notPrivate[:], func(system string) bool { return host.Inside(system, dir) })
}

// credentialFile is a file in which a program keeps what opens an account.
type credentialFile struct {
	// path is below a home, or absolute; the last names may be patterns.
	path string
	// what names the contents for a reader.
	what  string
	holds finder
	// shared: it opens something of the machine itself, which every droplet would share.
	shared bool
}

// credentialFiles are the files in homes and elsewhere, as the programs' manuals name
// them. That a file is there does not mean that it holds anything.
func credentialFiles() []credentialFile {
	return slices.Concat(cloudCredentials(), forgeCredentials(), localCredentials())
}

// cloudCredentials are those of clouds, clusters and registries.
func cloudCredentials() []credentialFile {
	azure := jsonBelow("accessToken", "refreshToken", "secret", "client_secret", "cert", "access_token", "refresh_token")
	kube := yamlBelow("token", "password", "client-key-data", "access-token", "id-token", "refresh-token")
	registry := jsonBelow("auth", "identitytoken", "registrytoken", "password")
	doctl := yamlBelow("access-token", "auth-contexts")
	return []credentialFile{
		{path: "/root/.digitalocean_password*", what: "passwords of a 1-Click", holds: shellValues},
		{path: "/root/.digitalocean_dbaas_credentials", what: "credentials of a managed database", holds: shellValues},
		{path: ".config/doctl/config.yaml", what: "doctl login", holds: doctl},
		{path: "snap/doctl/*/.config/doctl/config.yaml", what: "doctl login", holds: doctl},
		{path: ".aws/credentials", what: "AWS credentials", holds: iniValues("aws_secret_access_key", "aws_session_token")},
		{path: ".aws/config", what: "AWS credentials", holds: iniValues("aws_secret_access_key", "aws_session_token")},
		{path: ".aws/sso/cache/*.json", what: "AWS session", holds: jsonBelow("accessToken", "clientSecret", "refreshToken")},
		{path: ".aws/cli/cache/*.json", what: "AWS session", holds: jsonBelow("SecretAccessKey", "SessionToken")},
		{path: ".config/gcloud/credentials.db", what: "Google Cloud login", holds: words("refresh_token", "private_key")},
		{path: ".config/gcloud/access_tokens.db", what: "Google Cloud login", holds: words("ya29.")},
		{path: ".config/gcloud/application_default_credentials.json", what: "Google Cloud login", holds: jsonBelow("refresh_token", "private_key")},
		{path: ".config/gcloud/legacy_credentials/*/adc.json", what: "Google Cloud login", holds: jsonBelow("refresh_token", "private_key")},
		{path: ".azure/msal_token_cache.*", what: "Azure login", holds: azure},
		{path: ".azure/accessTokens.json", what: "Azure login", holds: azure},
		{path: ".azure/service_principal_entries.*", what: "Azure login", holds: azure},
		{path: ".kube/config", what: "Kubernetes credentials", holds: kube},
		{path: "/etc/kubernetes/*.conf", what: "Kubernetes credentials", holds: kube},
		{path: "/etc/rancher/k3s/k3s.yaml", what: "Kubernetes credentials", holds: kube},
		{path: ".docker/config.json", what: "registry login", holds: registry},
		{path: ".config/containers/auth.json", what: "registry login", holds: registry},
		{path: ".dockercfg", what: "registry login", holds: registry},
		{path: ".terraform.d/credentials.tfrc.json", what: "Terraform login", holds: jsonBelow("token")},
		{path: ".terraformrc", what: "Terraform login", holds: iniValues("token")},
		{path: ".vault-token", what: "Vault token", holds: anything},
		{path: ".s3cfg", what: "object storage key", holds: iniValues("secret_key", "access_token")},
		{path: ".boto", what: "object storage key", holds: iniValues("aws_secret_access_key", "gs_secret_access_key", "gs_oauth2_refresh_token")},
		{path: ".config/rclone/rclone.conf", what: "rclone login", holds: iniValues("pass", "password", "token", "secret_access_key",
			"client_secret", "service_account_credentials", "key", "sas_url", "bearer_token", "application_key", "access_key")},
	}
}

// forgeCredentials are those of forges and package registries.
func forgeCredentials() []credentialFile {
	composer := jsonBelow("github-oauth", "gitlab-oauth", "gitlab-token", "http-basic", "bearer", "bitbucket-oauth", "custom-headers")
	return []credentialFile{
		{path: ".netrc", what: "netrc password", holds: netrcPassword},
		{path: ".git-credentials", what: "git password", holds: urlPassword},
		{path: ".config/git/credentials", what: "git password", holds: urlPassword},
		{path: ".config/gh/hosts.yml", what: "GitHub login", holds: yamlBelow("oauth_token")},
		{path: ".config/hub", what: "GitHub login", holds: yamlBelow("oauth_token")},
		{path: ".config/glab-cli/config.yml", what: "GitLab login", holds: yamlBelow("token")},
		{path: ".npmrc", what: "npm login", holds: npmValues},
		{path: "/etc/npmrc", what: "npm login", holds: npmValues},
		{path: ".yarnrc.yml", what: "npm login", holds: yamlBelow("npmAuthToken", "npmAuthIdent")},
		{path: ".pypirc", what: "PyPI login", holds: iniValues("password")},
		{path: ".cargo/credentials", what: "crates.io login", holds: iniValues("token")},
		{path: ".cargo/credentials.toml", what: "crates.io login", holds: iniValues("token")},
		{path: ".gem/credentials", what: "RubyGems login", holds: yamlBelow()},
		{path: ".local/share/gem/credentials", what: "RubyGems login", holds: yamlBelow()},
		{path: ".composer/auth.json", what: "Composer login", holds: composer},
		{path: ".config/composer/auth.json", what: "Composer login", holds: composer},
		{path: ".huggingface/token", what: "Hugging Face token", holds: anything},
		{path: ".cache/huggingface/token", what: "Hugging Face token", holds: anything},
	}
}

// localCredentials are those of the machine itself.
func localCredentials() []credentialFile {
	mysql := iniValues("password")
	return []credentialFile{
		{path: ".pgpass", what: "PostgreSQL password", holds: pgpassPassword, shared: true},
		{path: ".my.cnf", what: "MySQL password", holds: mysql, shared: true},
		{path: ".mylogin.cnf", what: "MySQL login", holds: anything, shared: true},
		{path: "/etc/my.cnf", what: "MySQL password", holds: mysql, shared: true},
		{path: "/etc/mysql/my.cnf", what: "MySQL password", holds: mysql, shared: true},
		{path: "/etc/mysql/debian.cnf", what: "MySQL password", holds: mysql, shared: true},
		{path: ".gnupg/private-keys-v1.d/*.key", what: "GnuPG private key", holds: anything, shared: true},
		{path: ".gnupg/secring.gpg", what: "GnuPG private keys", holds: anything, shared: true},
		{path: "/etc/letsencrypt/accounts/*/directory/*/private_key.json", what: "ACME account key", holds: jsonBelow("d"), shared: true},
	}
}

// hostKeyFiles are the keys of the SSH server, as cloud-init deletes them. They have a
// check of their own.
const hostKeyFiles = "/etc/ssh/ssh_host_*key*"

func hostKeyFile(name string) bool {
	ok, _ := path.Match(hostKeyFiles, name) // the pattern is ours
	return ok
}
