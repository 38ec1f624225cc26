// Command gen writes the assembly kernels of package kernels, with their declarations
// and the tables that list them by tile size. Run it by go generate in that package.
package main

import (
	"flag"
	"fmt"
	"log"
	"path/filepath"
)

// A file is one generated pair name_amd64.s and name_amd64.go.
type file struct {
	name string
	emit func(*program)
}

var files = []file{
	{"zavx2", func(p *program) {
		conv8AVX2(p)
		depthwise8AVX2(p)
		fire8AVX2(p)
		mix8(p, "AVX2", 8, p.YMM)
		maxPool8(p, ymm)
		totals8(p, ymm)
		sparse8Families(p, "AVX2", p.YMM)
	}},
	{"zavx2f32", func(p *program) {
		float32s(p, ymm)
		transposef32(p)
	}},
	{"zavxvnni", convAVXVNNI},
	{"zavx512", func(p *program) {
		conv8AVX512(p)
		depthwise8AVX512(p)
		depthwise8RowAVX512(p)
		fire8AVX512(p)
		mix8(p, "AVX512", 16, p.ZMM)
		maxPool8(p, zmm)
		totals8(p, zmm)
		sparse8Families(p, "AVX512", p.ZMM)
		winograd8(p)
		quantise8(p)
		peak8(p)
	}},
	{"zamx", func(p *program) {
		convAMX(p)
		peakAMX(p)
	}},
	{"zavx512f32", func(p *program) { float32s(p, zmm) }},
}

// float32s writes all kernels of real numbers.
func float32s(p *program, w width) {
	gemmf32(p, w)
	convf32(p, w)
	windowf32(p, w)
	eachf32(p, w)
	peakf32(p, w)
}

func main() {
	log.SetFlags(0)
	dir := flag.String("dir", ".", "directory of package kernels")
	flag.Parse()
	if err := generate(*dir, *dir); err != nil {
		log.Fatal(err)
	}
}

// generate writes all files to the directory to, for the structs of package kernels in
// the directory from.
func generate(from, to string) error {
	pkg, err := loadTiles(filepath.Join(from, "tiles.go"))
	if err != nil {
		return err
	}
	for _, f := range files {
		p := newProgram(pkg)
		f.emit(p)
		if err := p.write(filepath.Join(to, f.name+"_amd64")); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return nil
}
