package main

import (
	"math"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"ann2snn/internal/infile"
)

// memoryLimits lists what bounds the memory of this process, in bytes.
func memoryLimits() []int64 {
	var list []int64
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) == nil {
		list = append(list, int64(info.Totalram)*int64(info.Unit))
	}
	for _, resource := range []int{unix.RLIMIT_AS, unix.RLIMIT_DATA} {
		var limit unix.Rlimit
		if unix.Getrlimit(resource, &limit) == nil && limit.Cur < math.MaxInt64 {
			list = append(list, addresses(int64(limit.Cur)))
		}
	}
	return append(list, cgroupLimits()...)
}

// addresses returns what a limit of addresses leaves for memory. Go takes more addresses than
// it uses memory: what it has at the start is lost, and of the rest a half, as memory that
// was given back keeps its addresses.
func addresses(limit int64) int64 {
	fields := strings.Fields(firstLine("/proc/self/statm"))
	if len(fields) > 0 {
		if pages, err := strconv.ParseInt(fields[0], 10, 64); err == nil {
			limit -= pages * int64(unix.Getpagesize())
		}
	}
	return max(limit/2, 1)
}

// cgroupLimits reads the limits of the process's control group and those above it.
func cgroupLimits() []int64 {
	var list []int64
	group, ok := strings.CutPrefix(firstLine("/proc/self/cgroup"), "0::")
	if !ok { // version 1
		return appendBytes(list, "/sys/fs/cgroup/memory/memory.limit_in_bytes")
	}
	for {
		list = appendBytes(list, "/sys/fs/cgroup"+group+"/memory.max")
		if group == "" || group == "/" {
			return list
		}
		group = group[:strings.LastIndex(group, "/")]
	}
}

// appendBytes appends the number in a file, if there is one.
func appendBytes(list []int64, path string) []int64 {
	if n, err := strconv.ParseInt(firstLine(path), 10, 64); err == nil {
		list = append(list, n)
	}
	return list
}

// firstLine returns the first line of a short file, empty where there is none.
func firstLine(path string) string {
	f, err := infile.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, _ := f.Read(head)
	line, _, _ := strings.Cut(string(head[:n]), "\n")
	return line
}
