//go:build !linux

package disk

import "os"

// dropCache does nothing here: what is read may come from memory.
func dropCache(*os.File) {}

// hold does nothing here: others go by the age of a file.
func hold(*os.File) {}

// abandoned is never certain here.
func abandoned(*os.File) bool { return false }
