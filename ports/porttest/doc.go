// Package porttest has a contract suite for each port: every promise in the
// port's comments is a named subtest. An adapter is finished when its one line
// passes:
//
//	func TestRooms(t *testing.T) { porttest.Rooms(t, open) }
//
// A suite asks for a fresh, empty adapter for each of its subtests; whatever open
// starts, it ends by t.Cleanup. Suites run against every adapter, the one in
// memory included, and test nothing that the port does not promise.
package porttest
