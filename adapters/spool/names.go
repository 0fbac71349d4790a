package spool

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"rostrum/adapters/spool/container"
	"rostrum/domain"
	"rostrum/ports"
)

// The names in the spool that are ours. All else is foreign.
const (
	lockFile    = ".lock"
	journalFile = "journal.jsonl"
	aside       = ".new"  // behind the name of a file or directory until it is whole
	gone        = ".gone" // behind that of a directory from when it is to be removed on
)

var (
	recordingName = regexp.MustCompile(`\A[A-Z0-9]{1,64}\z`)
	leftover      = regexp.MustCompile(`\A([A-Z0-9]{1,64})(\.new|\.gone)\z`)
	partName      = regexp.MustCompile(`\Apart-\d{3,9}\.(mp4|webm)\z`)
)

// known says whether a recording of that id can be in the spool.
func known(id domain.RecordingID) bool { return recordingName.MatchString(string(id)) }

// own says whether a file of that name in a recording's directory is the spool's.
func own(file string) bool {
	return file == journalFile || file == ports.ManifestFile || file == ports.ManifestFile+aside || partName.MatchString(file)
}

// partFile names the file of a recording's part, counted from 1.
func partFile(number int, format *container.VideoFormat) string {
	var video domain.Codec
	if format != nil {
		video = format.Codec
	}
	return fmt.Sprintf("part-%03d%s", number, container.Extension(video))
}

// containerOf names what a part's file is: mp4 or webm.
func containerOf(file string) string { return strings.TrimPrefix(path.Ext(file), ".") }
