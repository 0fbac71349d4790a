package config

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"sync"
)

//go:embed config.go
var manual string

// comments returns the comment of every struct field in config.go by TYPE.FIELD.
var comments = sync.OnceValue(func() map[string]string {
	file, err := parser.ParseFile(token.NewFileSet(), "config.go", manual, parser.ParseComments)
	if err != nil {
		panic(fmt.Sprintf("config: the source that was compiled does not parse: %v", err))
	}
	found := make(map[string]string)
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
	return found
})

// synopsis is the first sentence of a comment, without its full stop.
func synopsis(doc string) string {
	first, _, _ := strings.Cut(strings.ReplaceAll(doc, "\n", " ")+" ", ". ")
	return first
}
