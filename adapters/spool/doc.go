// Package spool keeps recordings in a directory while they are made and until the
// store has them: each in a directory of its own, named for its id.
//
//	journal.jsonl   what is known of it, line by line as it happens
//	part-001.mp4    its media: a file for each part
//	manifest.json   what there is to tell of it, once it has been finalized
//
// A take takes packets from the fan-out's workers into a bounded queue. Its goroutine
// puts pictures together (package frames), places them in time (package timeline) and
// writes them by fragments of less than a second (package container): what kill -9
// costs is what has not been written yet. Nothing is ever patched together afterwards:
// what a crash leaves is what a clean end leaves, and Finalize makes both whole.
package spool
