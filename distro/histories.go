package distro

// History is a file in which a program keeps what was typed into it.
type History struct {
	// Path is relative to the home.
	Path string
	// Program is what writes it.
	Program string
}

// BashHistory is the one that img_check.sh looks at.
const BashHistory = ".bash_history"

// Histories returns the files in a home that record what was typed or opened there:
// shells, then languages, then database clients, then others.
func Histories() []History {
	return []History{
		{BashHistory, "bash"},
		{".zsh_history", "zsh"},
		{".zhistory", "zsh"},
		{".histfile", "zsh"},
		{".sh_history", "ksh"},
		{".mksh_history", "mksh"},
		{".ash_history", "ash"},
		{".history", "tcsh"},
		{".local/share/fish/fish_history", "fish"},
		{".config/fish/fish_history", "fish"},
		{".python_history", "Python"},
		{".ipython/profile_default/history.sqlite", "IPython"},
		{".node_repl_history", "Node.js"},
		{".irb_history", "irb"},
		{".local/share/irb/history", "irb"},
		{".php_history", "PHP"},
		{".Rhistory", "R"},
		{".mysql_history", "mysql"},
		{".mariadb_history", "mariadb"},
		{".psql_history", "psql"},
		{".sqlite_history", "sqlite3"},
		{".rediscli_history", "redis-cli"},
		{".valkeycli_history", "valkey-cli"},
		{".dbshell", "mongo"},
		{".mongodb/mongosh/mongosh_repl_history", "mongosh"},
		{".mongosh/mongosh_repl_history", "mongosh"},
		{".clickhouse-client-history", "clickhouse-client"},
		{".lesshst", "less"},
		{".viminfo", "vim"},
		{".local/state/nvim/shada/main.shada", "Neovim"},
		{".local/share/nvim/shada/main.shada", "Neovim"},
		{".wget-hsts", "wget"},
	}
}
