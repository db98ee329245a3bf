package distro

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// finderOf returns how the file of that name is read.
func finderOf(t *testing.T, path string) finder {
	t.Helper()
	for _, f := range credentialFiles() {
		if f.path == path {
			return f.holds
		}
	}
	t.Fatalf("no such file of credentials: %s", path)
	return nil
}

// What a file of credentials looks like with a secret, by its line, and without (0).
func TestCredentialFiles(t *testing.T) {
	for path, texts := range map[string]map[string]int{
		"/root/.digitalocean_password*": {
			"root_mysql_pass=\"hunter\"\n": 1, "# made at first boot\n\nexport A=b": 3, "hunter\n": 1,
			"": 0, "\n# root_mysql_pass=x\n": 0, "root_mysql_pass=\nadmin_pass=\"\"\n": 0, "root_mysql_pass=\"${ROOT_MYSQL_PASS}\"\n": 0, "pass=$(openssl rand -hex 24)": 0,
		},
		"/root/.digitalocean_dbaas_credentials": {
			"db_protocol=\"mysql\"\ndb_username=\"\"\ndb_password=\"\"\ndb_host=\"\"\ndb_port=\"25060\"\n": 0,
			"db_protocol=mysql\ndb_password=hunter\n":                                                      2, "db_host=db.example.org\n": 1,
		},
		".config/doctl/config.yaml": {
			"access-token: hunter\ncontext: default\n": 1, "access-token: \"\"\nauth-contexts:\n  work: hunter\n": 3,
			"access-token: \"\"\nauth-contexts: {}\ncontext: default\n": 0, "": 0,
		},
		".aws/credentials": {
			"[default]\naws_access_key_id = x\naws_secret_access_key = hunter\n": 3, "[default]\nAWS_SESSION_TOKEN=hunter\n": 2,
			"[default]\naws_access_key_id = x\n": 0, "[default]\ncredential_process = /opt/x\n": 0, "#aws_secret_access_key = hunter\n": 0,
		},
		".aws/sso/cache/*.json": {`{"startUrl": "https://x", "accessToken": "hunter"}`: 1, `{"startUrl": "https://x"}`: 0},
		".config/gcloud/application_default_credentials.json": {
			"{\n \"client_id\": \"x\",\n \"refresh_token\": \"hunter\"\n}": 3, `{"type": "external_account"}`: 0,
		},
		".azure/msal_token_cache.*": {`{"AccessToken": {"a": {"secret": "hunter"}}}`: 1, `{"AccessToken": {}}`: 0, "": 0},
		".kube/config": {
			"users:\n- name: a\n  user:\n    token: hunter\n": 4, "users:\n- name: a\n  user:\n    client-key-data: hunter\n": 4,
			"users:\n- name: a\n  user:\n    client-key: /x\n    exec: {command: doctl}\n": 0, "apiVersion: v1\nusers: null\n": 0,
		},
		".docker/config.json": {
			"{\n\t\"auths\": {\n\t\t\"registry.digitalocean.com\": {\n\t\t\t\"auth\": \"hunter\"\n\t\t}\n\t}\n}": 4,
			`{"auths": {"https://index.docker.io/v1/": {"identitytoken": "hunter"}}}`:                            1,
			`{"auths": {"https://index.docker.io/v1/": {}}, "credsStore": "pass"}`:                               0, `{"credHelpers": {"gcr.io": "gcloud"}}`: 0, `{}`: 0,
		},
		".terraform.d/credentials.tfrc.json": {`{"credentials": {"app.terraform.io": {"token": "hunter"}}}`: 1, `{"credentials": {}}`: 0},
		".terraformrc":                       {"credentials \"app.terraform.io\" {\n  token = \"hunter\"\n}\n": 2, "plugin_cache_dir = \"x\"\n": 0},
		".config/rclone/rclone.conf": {
			"[do]\ntype = s3\nsecret_access_key = hunter\n": 3, "# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\nxyz\n": 0, "[do]\nenv_auth = true\nsecret_access_key =\n": 0,
		},
		".netrc": {
			"machine x login y password hunter\n": 1, "machine x\nlogin y\npassword\n  hunter\n": 4, "machine x login y\n# password hunter\n": 0,
			"machine x login y password\n": 0, "machine password.example.org login y": 0, "default login a password #hunter\n": 1,
		},
		".git-credentials": {"https://user:hunter@github.com\n": 1, "https://user@github.com\n": 0, "https://us%er:hunter@github.com\n": 1, "\n": 0},
		".config/gh/hosts.yml": {
			"github.com:\n    user: x\n    oauth_token: hunter\n": 3, "github.com:\n    user: x\n    git_protocol: ssh\n": 0,
		},
		".npmrc": {
			"//registry.npmjs.org/:_authToken=hunter\n": 1, "save-exact=true\n_auth = hunter\n": 2, "//r/:_password=\"hunter\"\n": 1,
			"//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n": 0, "registry=https://registry.npmjs.org/\n": 0, ";_auth=hunter\n": 0,
		},
		".yarnrc.yml":                {"npmAuthToken: hunter\n": 1, "npmAuthToken: \"${NPM_TOKEN}\"\n": 0},
		".pypirc":                    {"[pypi]\nusername = __token__\npassword = hunter\n": 3, "[pypi]\nusername = x\n": 0},
		".cargo/credentials.toml":    {"[registry]\ntoken = \"hunter\"\n": 2, "[registry]\n": 0},
		".gem/credentials":           {"---\n:rubygems_api_key: hunter\n": 2, "---\n": 0},
		".config/composer/auth.json": {`{"http-basic": {"x": {"username": "", "password": "hunter"}}}`: 1, `{"http-basic": {}, "github-oauth": {}}`: 0},
		".pgpass":                    {"*:*:*:postgres:hunter\n": 1, "# host:5432:db:user:hunter\n": 0, "h:1:d:u:\n": 0, "h\\:1:5432:d:u:hunter": 1, "a:b": 0},
		".my.cnf":                    {"[client]\nuser=root\npassword=\"hunter\"\n": 3, "[client]\nuser=root\npassword\n": 0, "[client]\npassword =\n": 0},
		"/etc/letsencrypt/accounts/*/directory/*/private_key.json": {`{"n": "x", "e": "AQAB", "d": "hunter", "kty": "RSA"}`: 1},
	} {
		for text, want := range texts {
			line, found, err := finderOf(t, path)([]byte(text))
			assert.NoError(t, err, "%s: %q", path, text)
			assert.Equal(t, want, line, "%s: %q", path, text)
			assert.Equal(t, want > 0, found, "%s: %q", path, text)
		}
	}
	for path, texts := range map[string]map[string]bool{
		".vault-token":                  {"hunter": true, "\n": false, "": false},
		".config/gcloud/credentials.db": {"SQLite format 3\x00 {\"refresh_token\": \"x\"}": true, "SQLite format 3\x00": false},
	} {
		for text, want := range texts {
			line, found, err := finderOf(t, path)([]byte(text))
			assert.NoError(t, err)
			assert.Zero(t, line)
			assert.Equal(t, want, found, "%s: %q", path, text)
		}
	}
}

func TestCredentialFilesThatCannotBeRead(t *testing.T) {
	for path, text := range map[string]string{
		".docker/config.json":   `{"auths": {"x": {"auth": hunter`,
		".aws/sso/cache/*.json": `{"accessToken": `,
		".kube/config":          "users: [hunter: - x\n\t]",
	} {
		_, found, err := finderOf(t, path)([]byte(text))
		assert.Error(t, err, path)
		assert.NotContains(t, err.Error(), "hunter")
		assert.False(t, found)
	}
}

func FuzzCredentials(f *testing.F) {
	for _, text := range []string{
		`{"auths": {"a": {"auth": "x"}}, "b": [1, null, {"token": true}]}`, "a: &x {token: y}\nb: [*x]\n", "machine x password y # z\n",
		"[a]\npassword = x\n", "https://a:b@c\n", "a:b:c:d:e\n", "//r/:_authToken=x\n", "]", `"`, "{}{}",
	} {
		f.Add([]byte(text))
	}
	files := credentialFiles()
	f.Fuzz(func(t *testing.T, data []byte) {
		lines := 1
		for _, c := range data {
			if c == '\n' || c == '\r' || c >= 0x80 { // YAML knows more line ends than one
				lines++
			}
		}
		for _, file := range files {
			line, found, err := file.holds(data)
			if line < 0 || line > lines || line > 0 && !found || err != nil && found {
				t.Errorf("%s: line %d, %v, %v", file.path, line, found, err)
			}
		}
	})
}
