package main

import (
	"bufio"
	"runtime/debug"
	"strings"

	"ann2snn/internal/infile"
)

// cpuName returns the processor's name where the system tells it, else the
// architecture that the program was built for.
func cpuName() string {
	if name := cpuinfoModel("/proc/cpuinfo"); name != "" {
		return name
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "GOARCH" {
				return s.Value
			}
		}
	}
	return "unknown"
}

// cpuinfoModel reads the first model name of a Linux cpuinfo file.
func cpuinfoModel(path string) string {
	f, err := infile.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		key, value, _ := strings.Cut(lines.Text(), ":")
		switch strings.TrimSpace(key) {
		case "model name", "Model", "cpu model":
			return strings.TrimSpace(value)
		}
	}
	return ""
}
