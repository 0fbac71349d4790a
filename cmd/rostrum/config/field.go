package config

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/go-viper/mapstructure/v2"
)

// field is one key of the configuration and the place of its value.
type field struct {
	path   string        // http.tls_cert, auth.tokens[1].rooms
	name   string        // tls_cert, rooms
	doc    string        // its comment in config.go
	preset string        // its tag default
	value  reflect.Value // settable
}

// fields lists the keys in and below the struct that target points to, in its
// order; path is where that struct stands, empty for a Config.
func fields(target any, path string) []field {
	var list []field
	v := reflect.ValueOf(target).Elem()
	for i := range v.NumField() {
		sf := v.Type().Field(i)
		name := keyOf(sf)
		if isSection(sf.Type) {
			list = append(list, fields(v.Field(i).Addr().Interface(), below(path, name))...)
			continue
		}
		list = append(list, field{
			path:   below(path, name),
			name:   name,
			doc:    comments()[v.Type().Name()+"."+sf.Name],
			preset: sf.Tag.Get("default"),
			value:  v.Field(i),
		})
	}
	return list
}

// Default returns the configuration of an operator who has decided nothing.
func Default() Config {
	var cfg Config
	for _, f := range fields(&cfg, "") {
		if f.preset == "" {
			continue
		}
		if err := f.set(f.read(f.preset)); err != nil {
			panic(fmt.Sprintf("config: default of %s: %v", f.path, err))
		}
	}
	return cfg
}

func keyOf(sf reflect.StructField) string { return sf.Tag.Get("yaml") }

func below(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// isSection tells a struct of keys from one that is a value, such as Rate.
func isSection(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && !reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// isTokens reports whether the value is a list of structs, which has no form as one
// line of text: neither flag nor environment variable can give it.
func (f field) isTokens() bool {
	return f.value.Kind() == reflect.Slice && isSection(f.value.Type().Elem())
}

func (f field) isSecret() bool { return f.value.Type() == reflect.TypeFor[Secret]() }

func (f field) env() string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(f.path, ".", "_"))
}

// read turns one line of text into a value for set: a list is separated by commas,
// and text that is no number or truth value stays text, for set to refuse.
func (f field) read(text string) any {
	switch f.value.Kind() {
	case reflect.Slice:
		if text == "" {
			return []string{}
		}
		return trimmed(strings.Split(text, ","))
	case reflect.Bool:
		if b, err := strconv.ParseBool(text); err == nil {
			return b
		}
	case reflect.Int:
		if n, err := strconv.Atoi(text); err == nil {
			return n
		}
	}
	return text
}

func trimmed(list []string) []string {
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}

// set stores a value of exactly the field's type; nil, which YAML has for a key
// with nothing behind it, leaves what is there, and so does an error. The error
// never shows a secret.
func (f field) set(value any) error {
	if value == nil {
		return nil
	}
	result := reflect.New(f.value.Type())
	decoder, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
		Result:     result.Interface(),
		DecodeHook: mapstructure.ComposeDecodeHookFunc(wholeNumbers, mapstructure.TextUnmarshallerHookFunc()),
	})
	if err == nil {
		err = decoder.Decode(value)
	}
	switch {
	case err == nil:
		f.value.Set(result.Elem())
		return nil
	case f.isSecret() || f.isTokens():
		return fmt.Errorf("must be %s", f.want())
	default:
		return fmt.Errorf("must be %s, not %s", f.want(), describe(value))
	}
}

// wholeNumbers keeps mapstructure from cutting 1.5 to 1 and from wrapping what is
// too large for an int.
func wholeNumbers(from, to reflect.Type, value any) (any, error) {
	if to.Kind() == reflect.Int && from.Kind() != reflect.Int {
		return nil, errors.New("not an int")
	}
	return value, nil
}

const wantRate = `COUNT/DURATION such as 10/1m, or "off"`

func (f field) want() string {
	switch kind := f.value.Kind(); {
	case f.isTokens():
		return "a list of " + strings.ReplaceAll(f.name, "_", " ")
	case kind == reflect.Slice:
		return "a list of texts"
	case kind == reflect.Bool:
		return "true or false"
	case kind == reflect.Int:
		return "a whole number"
	case f.value.Type() == reflect.TypeFor[Duration]():
		return wantDuration
	case f.value.Type() == reflect.TypeFor[Size]():
		return wantSize
	case kind == reflect.Struct:
		return wantRate
	default:
		return "text, in quotes if YAML reads it as something else"
	}
}

func describe(value any) string {
	switch v := value.(type) {
	case string:
		return strconv.Quote(v)
	case []any, []string:
		return fmt.Sprintf("the list %v", v)
	case map[string]any:
		return "a mapping"
	default:
		return fmt.Sprint(v)
	}
}
