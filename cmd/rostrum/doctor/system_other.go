//go:build !linux

package doctor

func synchronized() (right, known bool) { return false, false }

func freeBytes(string) (uint64, bool) { return 0, false }

func fileLimit() (uint64, bool) { return 0, false }
