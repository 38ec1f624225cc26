package main

import (
	"fmt"
	"io"
	"runtime/debug"

	"ann2snn/internal/report"
)

// build is what this program was built from. Reports hold it; networks do not, since the same
// conversion by another build is the same network.
type build struct {
	Version  string `json:"version"`            // of the module: a tag, or one made of the commit
	Commit   string `json:"commit,omitempty"`   // absent where it was built outside a repository
	Time     string `json:"time,omitempty"`     // of the commit
	Modified bool   `json:"modified,omitempty"` // the sources differed from the commit
	Go       string `json:"go"`
	Platform string `json:"platform"`
	Tags     string `json:"tags,omitempty"`
}

// unknownVersion stands for a build without any stamp, such as one of go test.
const unknownVersion = "(devel)"

// thisBuild reads the stamp that Go put into the program.
func thisBuild() build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return build{Version: unknownVersion}
	}
	return buildOf(info)
}

func buildOf(info *debug.BuildInfo) build {
	b := build{Version: info.Main.Version, Go: info.GoVersion}
	if b.Version == "" {
		b.Version = unknownVersion
	}
	var system, processor string
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.time":
			b.Time = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		case "GOOS":
			system = s.Value
		case "GOARCH":
			processor = s.Value
		case "-tags":
			b.Tags = s.Value
		}
	}
	b.Platform = system + "/" + processor
	return b
}

// String is the build in one line.
func (b build) String() string {
	text := "ann2snn " + b.Version
	if b.Commit != "" {
		text += ", commit " + b.Commit
		if b.Modified {
			text += " with changes"
		}
		text += " of " + b.Time
	}
	text += ", " + b.Go + ", " + b.Platform
	if b.Tags != "" {
		text += ", tags " + b.Tags
	}
	return text
}

// printVersion answers --version.
func (a *app) printVersion(w io.Writer) error {
	if a.json {
		return report.JSON(w, thisBuild())
	}
	_, err := fmt.Fprintln(w, thisBuild())
	return err
}
