package play

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"rostrum/cmd/rostrum/progress"
	"rostrum/cmd/rostrum/remote"
	"rostrum/cmd/rostrum/usage"
)

// flags are the command line; its help texts are the manual.
type flags struct {
	remote            remote.Flags
	out               string
	force, once, json bool
	duration, timeout time.Duration
}

// Command is `rostrum play`. It plays until the command's context ends: signals are for main to handle.
func Command() *cobra.Command {
	var f flags
	cmd := &cobra.Command{
		Use:   "play ROOM [--out FILE]",
		Short: "Receive the stream of a room by WHEP, and tell of it or keep it in a file",
		Long: "Receives what is published in a room, now or later, and tells what comes: codecs, size, bit rate, round trip.\n" +
			"When the publisher leaves, or the network or the server fails, it waits and goes on when it can.\n\n" +
			"--out keeps what comes in a file, as it is, with sound and picture in sync: MP4 for H264, H265, AV1 and VP9, WebM for VP8,\n" +
			"Opus in both. A name that ends in .mp4 or .webm asks for what goes into that; one without an ending gets the right one.\n" +
			"Where the picture's size or codec changes, or another session begins, another file begins: NAME-2 and so on.\n" +
			"A file has its name when it is whole. Until then it is in a hidden directory beside it, and can be played there.\n\n" +
			remote.TokenHelp,
		Example: "  rostrum play lobby\n" +
			"  rostrum play lobby --out talk.mp4 --duration 1h\n" +
			"  rostrum play lobby --out talk --once --timeout 0 --server https://live.example.com",
		Args:         arguments,
		SilenceUsage: true,
		RunE:         func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	set := cmd.Flags()
	f.remote.Add(set)
	set.StringVarP(&f.out, "out", "o", "", "keep what comes in this file")
	set.BoolVar(&f.force, "force", false, "replace the file if it is there already")
	set.BoolVar(&f.once, "once", false, "end with the publication instead of waiting for the next")
	set.DurationVar(&f.duration, "duration", 0, "end after so long, from the first media on; 0: never")
	set.DurationVar(&f.timeout, "timeout", 30*time.Second, "give up when no media has come for so long at first; 0: wait for it")
	set.BoolVar(&f.json, "json", false, "tell at the end what was received, as JSON on standard output")
	return cmd
}

func arguments(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usage.Errorf("name a room: rostrum play lobby")
	}
	return nil
}

func (f *flags) run(cmd *cobra.Command, room string) error {
	if err := remote.CheckRoom(room); err != nil {
		return err
	}
	if f.duration < 0 || f.timeout < 0 {
		return usage.Errorf("--duration and --timeout take times as 90s or 1h, and 0")
	}
	server, err := f.remote.Client()
	if err != nil {
		return err
	}
	defer server.CloseIdleConnections()
	line := progress.New(cmd.ErrOrStderr())
	defer line.End()
	result, err := Run(cmd.Context(), Options{
		Server: server, Room: room, Out: f.out, Force: f.force, Once: f.once, Duration: f.duration, Timeout: f.timeout,
		Line: line, Log: slog.New(slog.NewTextHandler(line, nil)),
	})
	if _, refused := errors.AsType[*usage.Error](err); refused {
		return err // nothing was begun
	}
	return errors.Join(err, f.tell(cmd.OutOrStdout(), result))
}

// tell writes the result: the names of the files, or all of it as JSON.
func (f *flags) tell(out io.Writer, r Result) error {
	if f.json {
		return json.NewEncoder(out).Encode(r)
	}
	for _, file := range r.Files {
		if _, err := fmt.Fprintln(out, file.Name); err != nil {
			return err
		}
	}
	return nil
}
