package distro

import "strings"

// nftTokens splits nft's language into words, braces and statement ends. Comments
// go; what stands in quotes stays one word with its quotes.
func nftTokens(text string) []string {
	var tokens []string
	text = strings.ReplaceAll(text, "\\\n", " ")
	for text != "" {
		n := 1
		switch text[0] {
		case '#':
			if n = strings.IndexByte(text, '\n'); n < 0 {
				n = len(text)
			}
		case '"', '\'':
			n = 2 + strings.IndexByte(text[1:], text[0])
			if n < 2 {
				n = len(text)
			}
			tokens = append(tokens, text[:n])
		case '{', '}', ';', '\n':
			tokens = append(tokens, text[:1])
		case ' ', '\t', '\r', ',', ':':
		default:
			if n = strings.IndexAny(text, " \t\r\n,:;{}#\"'"); n < 0 {
				n = len(text)
			}
			tokens = append(tokens, text[:n])
		}
		text = text[n:]
	}
	return tokens
}
