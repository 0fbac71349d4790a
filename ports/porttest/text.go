package porttest

import "strings"

// hostile are texts that a store must give back byte for byte and find again: they break
// a statement, a pattern, a document or a key that is put together from them. None is
// longer than the value of a label may be.
var hostile = []string{
	"Großer Saal — 大講堂 🎤",
	"e\u0301 is not \u00e9",
	"  outer spaces\t\r\n",
	`'; DROP TABLE rooms; --`,
	`'); DELETE FROM sessions; --`,
	`" OR 1=1 --`,
	`\' $1 ? :name @name %s %d`,
	`50% _under_ *star* [a-z]`,
	`$."a".b[0] #>> '{a}'`,
	`{"not": "json"`,
	`\u0000 \x00 \0`,
	"NULL",
	strings.Repeat("🎤", 256),
}

// long is a text that is kept where nothing is found by it.
var long = strings.Repeat("long ", 20_000)
