// Package recording holds the tests of recordings from outside: they build the server,
// publish into it by real clients, kill it, take its disk, its store and its database
// away, and read every recording back by ffprobe and FFmpeg from where it ended up.
package recording
