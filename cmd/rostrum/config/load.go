package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"syscall"

	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/providers/posflag"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/pflag"
)

const (
	envPrefix = "ROSTRUM_"
	envConfig = "ROSTRUM_CONFIG" // as --config
)

// otherEnv lists the variables that are no keys: they are the command line's own.
// Tests may have any that begins with ROSTRUM_TEST_.
var otherEnv = []string{envConfig, "ROSTRUM_TOKEN", "ROSTRUM_SERVER"}

// Problems is everything that is wrong with a configuration, one error each.
type Problems []error

// Error gives each a line.
func (p Problems) Error() string { return errors.Join(p...).Error() }

// Unwrap returns them.
func (p Problems) Unwrap() []error { return p }

// Load returns the configuration that flags, environment, file and defaults make
// together, or its [Problems]: where each value was given, which key, and what it
// must be. flags were registered by [Flags] and
// have been parsed; others among them are left alone.
func Load(flags *pflag.FlagSet) (*Config, error) {
	l := loader{
		values: koanf.New("."),
		cfg:    Default(),
		given:  make(map[string]string),
		faulty: make(map[string]bool),
	}
	l.readFile(flags)
	l.readEnv()
	l.readFlags(flags)
	for _, f := range fields(&l.cfg, "") {
		l.decode(f, l.values.Get(f.path))
	}
	l.cfg.check(l.report)
	if len(l.problems) > 0 {
		return nil, Problems(l.problems)
	}
	return &l.cfg, nil
}

// loader gathers the values of all sources, then the problems with them.
type loader struct {
	values   *koanf.Koanf
	cfg      Config
	src      *source           // the file; empty if there is none
	given    map[string]string // the variable or flag that gives a key
	faulty   map[string]bool   // paths whose value has been reported
	problems []error
}

// problem is one thing that is wrong, and where the operator finds it.
type problem struct{ where, what string }

func (p problem) Error() string { return p.where + ": " + p.what }

func (l *loader) readFile(flags *pflag.FlagSet) {
	name, by := os.Getenv(envConfig), envConfig
	if given, err := flags.GetString(configFlag); err == nil && given != "" {
		name, by = given, "--"+configFlag
	}
	l.src = newSource(name)
	if name == "" {
		return
	}
	err := l.values.Load(file.Provider(name), l.src)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = problem{by, fmt.Sprintf("the file %q does not exist", name)}
	case errors.Is(err, syscall.EISDIR):
		err = problem{by, fmt.Sprintf("%q is a directory; name the file in it", name)}
	case errors.As(err, new(*fs.PathError)):
		err = problem{by, err.Error()}
	}
	if err != nil {
		l.problems = append(l.problems, err)
	}
	l.problems = append(l.problems, l.src.problems...)
}

func (l *loader) readEnv() {
	keys := make(map[string]field)
	for _, f := range fields(&l.cfg, "") {
		keys[f.env()] = f
	}
	l.load(env.Provider(".", env.Opt{
		Prefix:      envPrefix,
		EnvironFunc: func() []string { return slices.Sorted(slices.Values(os.Environ())) },
		TransformFunc: func(name, text string) (string, any) {
			f, known := keys[name]
			switch {
			case known && f.isTokens():
				l.problems = append(l.problems, problem{name, f.path + " can be given in the file only; name one by --config"})
			case known:
				l.given[f.path] = name
				return f.path, f.read(text)
			case !slices.Contains(otherEnv, name) && !strings.HasPrefix(name, "ROSTRUM_TEST_"):
				l.problems = append(l.problems, problem{name, unknownVariable(name, keys)})
			}
			return "", nil
		},
	}))
}

func unknownVariable(name string, keys map[string]field) string {
	if near := Nearest(name, slices.Sorted(maps.Keys(keys))); near != "" {
		return "unknown variable; did you mean " + near + "?"
	}
	return "unknown variable; unset it, or see \"rostrum --help\" for the keys that there are"
}

func (l *loader) readFlags(flags *pflag.FlagSet) {
	keys := make(map[string]bool)
	for _, f := range fields(&l.cfg, "") {
		keys[f.path] = true
	}
	l.load(posflag.ProviderWithFlag(flags, ".", nil, func(flag *pflag.Flag) (string, any) {
		if !flag.Changed || !keys[flag.Name] {
			return "", nil
		}
		l.given[flag.Name] = "--" + flag.Name
		value := posflag.FlagVal(flags, flag)
		if list, ok := value.([]string); ok {
			value = trimmed(list)
		}
		return flag.Name, value
	}))
}

func (l *loader) load(provider koanf.Provider) {
	if err := l.values.Load(provider, nil); err != nil {
		l.problems = append(l.problems, err)
	}
}

// decode stores the value in the field, element by element if it is a list of
// structs.
func (l *loader) decode(f field, value any) {
	elements, isList := value.([]any)
	if !f.isTokens() || !isList {
		l.report(f.path, f.set(value))
		return
	}
	if slices.ContainsFunc(elements, isNoMapping) {
		return // the source has said so
	}
	f.value.Set(reflect.MakeSlice(f.value.Type(), len(elements), len(elements)))
	for i, element := range elements {
		keys, _ := element.(map[string]any)
		for _, key := range fields(f.value.Index(i).Addr().Interface(), fmt.Sprintf("%s[%d]", f.path, i)) {
			l.decode(key, keys[key.name])
		}
	}
}

func isNoMapping(element any) bool {
	_, is := element.(map[string]any)
	return !is
}

// report adds the problem with the value at the path, if there is one: err says what
// it must be. The first problem with a value hides those that follow from it.
func (l *loader) report(path string, err error) {
	if err == nil || l.faulty[path] {
		return
	}
	l.faulty[path] = true
	key, _, _ := strings.Cut(path, "[")
	where, ok := l.given[key]
	if !ok {
		where = l.src.where(path)
	}
	l.problems = append(l.problems, problem{where, err.Error()})
}
