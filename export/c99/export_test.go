package c99

import (
	"errors"
	"fmt"

	"ann2snn/snn"
)

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

// CheckPicture says what is wrong with the picture that the export's program is given for a
// sample: its size, or a level where it differs from the picture that the sample was made of.
func CheckPicture(n *snn.Network, sample []float32, picture []byte, h, w, c int) error {
	p, err := pixelsOf(n)
	if err != nil {
		return err
	}
	if p == nil || p.H != h || p.W != w || p.C != c {
		return fmt.Errorf("the export takes pictures as %+v says, not of %d x %d x %d", p, h, w, c)
	}
	given := p.pictures([][]int32{levelsOf(n, sample)})
	if given == nil {
		return errors.New("no picture has the levels of a sample")
	}
	for k, b := range given[0] {
		table := p.levels[p.From[k%p.C]%len(p.levels)]
		if table[b] != table[picture[k]] {
			return fmt.Errorf("byte %d of the picture is %d, not %d", k, b, picture[k])
		}
	}
	return nil
}
