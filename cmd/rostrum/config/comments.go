package config

import (
	"embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"sync"
)

// manual is the source of the structs whose comments are the manual.
//
//go:embed config.go config_auth.go config_kept.go
var manual embed.FS

// comments returns the comment of every struct field of the manual by TYPE.FIELD.
var comments = sync.OnceValue(func() map[string]string {
	sources, err := manual.ReadDir(".")
	if err != nil {
		panic(err)
	}
	found := make(map[string]string)
	for _, source := range sources {
		text, err := manual.ReadFile(source.Name())
		if err != nil {
			panic(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), source.Name(), text, parser.ParseComments)
		if err != nil {
			panic(fmt.Sprintf("config: the source that was compiled does not parse: %v", err))
		}
		collect(file, found)
	}
	return found
})

// collect adds the comments of the fields in a file.
func collect(file *ast.File, found map[string]string) {
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if of, ok := spec.Type.(*ast.StructType); ok {
			for _, f := range of.Fields.List {
				found[spec.Name.Name+"."+f.Names[0].Name] = strings.TrimSpace(f.Doc.Text())
			}
		}
		return false
	})
}

// synopsis is the first sentence of a comment, without its full stop.
func synopsis(doc string) string {
	first, _, _ := strings.Cut(strings.ReplaceAll(doc, "\n", " ")+" ", ". ")
	return first
}
