package main

import (
	"bytes"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestProgressLines: without a terminal, a line every ten seconds says how long the stage will
// take; -q has none, and work of less than that has none either.
func TestProgressLines(t *testing.T) {
	work := func(progress func(stage string, done, total int)) error {
		tell := func(stage string, done, total int) {
			if progress != nil {
				progress(stage, done, total)
			}
		}
		time.Sleep(11 * time.Second)
		tell("converting", 0, 8)
		for i := range 8 {
			time.Sleep(4 * time.Second)
			tell("converting", i+1, 8)
		}
		return errors.New("done")
	}
	for quiet, want := range map[bool]string{
		true: "",
		false: "calibrating: 10s so far\n" +
			"converting: 2 of 8, about 27s left\n" +
			"converting: 4 of 8, about 19s left\n" +
			"converting: 7 of 8, about 4s left\n",
	} {
		synctest.Test(t, func(t *testing.T) {
			var stderr bytes.Buffer
			a := newApp(nil, nil, &stderr)
			a.quiet = quiet
			if err := a.showProgress("calibrating", work); err == nil || err.Error() != "done" {
				t.Errorf("error %v", err)
			}
			if diff := cmp.Diff(want, stderr.String()); diff != "" {
				t.Errorf("quiet %v (-want +got):\n%s", quiet, diff)
			}
			stderr.Reset()
			err := a.withProgress("comparing", func(progress func(done, total int)) error {
				time.Sleep(9 * time.Second)
				if progress != nil {
					progress(1, 2)
				}
				return nil
			})
			if err != nil || stderr.Len() > 0 {
				t.Errorf("%v, %q", err, stderr.String())
			}
		})
	}
}
