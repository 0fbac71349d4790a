package config

import (
	"fmt"

	"github.com/spf13/pflag"
)

const configFlag = "config"

// Flags registers --config and a flag for every key but the lists of mappings, by the key's
// path: --http.addr. What [Load] is given must have been through here.
func Flags(flags *pflag.FlagSet) {
	flags.String(configFlag, "", "YAML file to read the configuration from")
	cfg := Default()
	for _, f := range fields(&cfg, "") {
		switch value := f.value.Interface().(type) {
		case bool:
			flags.Bool(f.path, value, f.help())
		case int:
			flags.Int(f.path, value, f.help())
		case []string:
			flags.StringSlice(f.path, value, f.help())
		case []Token, []ICEServer, []RoomRetention:
		default:
			flags.String(f.path, fmt.Sprint(value), f.help())
		}
	}
}

func (f field) help() string {
	if f.isSecret() {
		return synopsis(f.doc) + " (others on this machine can see it in the list of processes: better use " + f.env() + ")"
	}
	return synopsis(f.doc)
}
