// Command demo draws the pictures and the sound of the demo clip; demo.sh, two folders up, encodes them.
package main

import (
	"bufio"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
)

// The clip is a loop: everything in it has a period that divides its length.
const (
	width, height = 960, 540
	rate          = 30 // frames per second
	seconds       = 8
	soundRate     = 48000
	preSkip       = 312 // what libopus adds in front: without it, the sound would be one packet longer than the picture
)

func main() {
	what := flag.String("write", "", "pictures (raw RGB) or sound (raw mono s16le), to standard output")
	flag.Parse()
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	err := write(*what, out)
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func write(what string, out io.Writer) error {
	switch what {
	case "pictures":
		for n := range rate * seconds {
			if _, err := out.Write(picture(float64(n) / rate).rgb()); err != nil {
				return err
			}
		}
		return nil
	case "sound":
		for n := range soundRate*seconds - preSkip {
			level := int16(math.Round(sound(float64(n)/soundRate) * math.MaxInt16))
			if err := binary.Write(out, binary.LittleEndian, level); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("-write must be pictures or sound, not %q", what)
}

// sound is a soft bell at each full second, a higher one where the loop begins.
func sound(t float64) float64 {
	second, since := math.Modf(t)
	pitch := 587.33 // D5
	if second == 0 {
		pitch = 880
	}
	attack := math.Min(since/0.004, 1)
	tone := math.Sin(2*math.Pi*pitch*since) + 0.35*math.Sin(4*math.Pi*pitch*since)*math.Exp(-since/0.05)
	return 0.2 * attack * math.Exp(-since/0.11) * tone
}

// loudness is the envelope of sound, for the meter in the picture.
func loudness(t float64) float64 {
	if t < 0 {
		t++
	}
	return math.Exp(-math.Mod(t, 1) / 0.16)
}
