package publish

import (
	"encoding/json"
	"errors"
	"log/slog"

	"github.com/spf13/cobra"

	"rostrum/cmd/rostrum/clip"
	"rostrum/cmd/rostrum/progress"
	"rostrum/cmd/rostrum/remote"
	"rostrum/cmd/rostrum/usage"
)

// flags are the command line; its help texts are the manual.
type flags struct {
	remote           remote.Flags
	demo, loop, once bool
	retry, json      bool
	framesPerSecond  float64
}

// Command is `rostrum publish`. It publishes until the command's context ends: signals are for main to handle.
func Command() *cobra.Command {
	var f flags
	cmd := &cobra.Command{
		Use:   "publish (--demo ROOM | FILE ROOM)",
		Short: "Send a media file, or the built-in demo clip, into a room by WHIP",
		Long: "Sends a media file into a room, in its own time and as it is: nothing is transcoded.\n" +
			"Reads " + clip.Formats + ",\nwith VP8, VP9, AV1, H264 or H265 and Opus in it.\n\n" +
			remote.TokenHelp,
		Example: "  rostrum publish --demo lobby\n" +
			"  rostrum publish talk.webm lobby\n" +
			"  rostrum publish --loop --server https://live.example.com talk.mp4 lobby\n" +
			"  rostrum publish --json talk.webm lobby | jq '{session, bytes, reconnections}'",
		Args:              f.arguments,
		ValidArgsFunction: f.complete,
		SilenceUsage:      true,
		RunE:              func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	set := cmd.Flags()
	set.BoolVar(&f.demo, "demo", false, "send the built-in clip, in a loop")
	f.remote.Add(set)
	set.BoolVar(&f.loop, "loop", false, "begin anew at the end of the file; --demo does so anyway")
	set.BoolVar(&f.once, "once", false, "end with the clip, also with --demo")
	set.BoolVar(&f.retry, "retry", true, "connect again when the server or the network fails")
	set.Float64Var(&f.framesPerSecond, "fps", 0, "frames per second of raw H264 or H265; otherwise what the file says")
	set.BoolVar(&f.json, "json", false, "tell at the end what was sent, as JSON on standard output")
	cmd.MarkFlagsMutuallyExclusive("loop", "once")
	return cmd
}

func (f *flags) arguments(_ *cobra.Command, args []string) error {
	switch {
	case f.demo && len(args) == 1, !f.demo && len(args) == 2:
		return nil
	case f.demo:
		return usage.Errorf("--demo takes one argument, the room: rostrum publish --demo lobby")
	default:
		return usage.Errorf("name a file and a room: rostrum publish talk.webm lobby (or --demo lobby, without a file)")
	}
}

// complete has a shell offer media files where one is to be named.
func (f *flags) complete(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if f.demo || len(args) > 0 { // what follows is the room
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return clip.Endings(), cobra.ShellCompDirectiveFilterFileExt
}

func (f *flags) run(cmd *cobra.Command, args []string) (err error) {
	room := args[len(args)-1]
	if err := remote.CheckRoom(room); err != nil {
		return err
	}
	server, err := f.remote.Client()
	if err != nil {
		return err
	}
	defer server.CloseIdleConnections()
	media, err := f.open(args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, media.Close()) }()

	line := progress.New(cmd.ErrOrStderr())
	defer line.End()
	result, err := Run(cmd.Context(), Options{
		Server: server, Room: room, Clip: media, Retry: f.retry,
		Loop: f.loop || f.demo && !f.once,
		Line: line, Log: slog.New(slog.NewTextHandler(line, nil)),
	})
	if f.json {
		err = errors.Join(err, json.NewEncoder(cmd.OutOrStdout()).Encode(result))
	}
	return err
}

func (f *flags) open(args []string) (*clip.Clip, error) {
	if f.demo {
		return clip.Demo()
	}
	if f.framesPerSecond < 0 || f.framesPerSecond > 240 {
		return nil, usage.Errorf("--fps %v: use a number from 1 to 240", f.framesPerSecond)
	}
	return clip.Open(args[0], clip.FrameRate(f.framesPerSecond))
}
