// Command breaking tells what of a contract has changed since it was released, and fails
// where a change is not declared: by the version that it takes (the first number for one
// that breaks clients, the second for an addition), and, where it breaks clients, by a
// sentence to those who write them.
//
//	breaking RELEASED CONTRACT CHANGES
//
// RELEASED and CONTRACT are OpenAPI documents, CHANGES is a folder that has a file for
// each version, such as 2.0.0.md. Each change that breaks clients must be in the file as
// it is printed here.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: breaking RELEASED CONTRACT CHANGES")
		os.Exit(2)
	}
	if err := run(os.Stdout, os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "breaking:", err)
		os.Exit(1)
	}
}

// run prints the changes, and returns why they may not stay as they are.
func run(out io.Writer, released, contract, folder string) error {
	before, err := read(released)
	if err != nil {
		return err
	}
	now, err := read(contract)
	if err != nil {
		return err
	}
	changes, err := compare(before, now)
	if err != nil {
		return err
	}
	for _, c := range changes {
		if _, err := fmt.Fprintln(out, c); err != nil {
			return err
		}
	}
	declared, err := fs.ReadFile(os.DirFS(folder), now.Info.Version+".md")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return judge(changes, before.Info.Version, now.Info.Version, string(declared))
}
