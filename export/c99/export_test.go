package c99

// Toolchain is toolchain.
type Toolchain = toolchain

// RunWith is runWith.
var RunWith = runWith

// Sanitized compiles for this machine, with all warnings being errors, into programs
// that stop at what C does not define.
func Sanitized(compiler string) Toolchain {
	return toolchain{compile: append([]string{compiler, "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"}, warnings...)}
}

// Plain compiles for this machine or another one, whose programs run starts.
func Plain(compiler string, run ...string) Toolchain {
	return toolchain{compile: append([]string{compiler, "-O2"}, warnings...), run: run}
}

var warnings = []string{"-std=c99", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror"}
