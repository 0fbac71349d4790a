// Package domain is what Rostrum decides: who may enter a room, who receives
// which track and layer, and when a room is over. It imports the standard
// library alone and holds no lock, clock, goroutine or context: a Room belongs
// to whoever calls it, one call at a time (in the running server, to its stage).
package domain
