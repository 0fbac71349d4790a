// Package keeping holds the tests of what is kept, from outside: they build the server, give
// it a real SQLite file or a real PostgreSQL, send and receive media by real WebRTC
// clients, take the database away, kill the server, and read back by the API who came, who
// may come and what was done.
//
// Files that begin with rig_ are the tests' own clients. How long the database is away is
// ROSTRUM_TEST_OUTAGE, 6s unless it is set, and how many watch meanwhile
// ROSTRUM_TEST_CROWD, 20 unless it is set.
package keeping
