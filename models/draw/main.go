// Command draw writes glyph samples as a pair of gzipped IDX files. It is run by
// train.py, from the folder models:
//
//	go run ./draw -seed 3 -n 1000 -o test
package main

import (
	"compress/gzip"
	"encoding/binary"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"ann2snn/models/glyphs"
)

func main() {
	seed := flag.Uint64("seed", 1, "seed of the samples")
	n := flag.Int("n", 1000, "number of samples")
	dir := flag.String("o", ".", "folder to write into")
	flag.Parse()
	if err := write(*dir, *seed, *n); err != nil {
		fmt.Fprintln(os.Stderr, "draw:", err)
		os.Exit(1)
	}
}

func write(dir string, seed uint64, n int) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	images, labels := glyphs.Draw(seed, n)
	err := writeIDX(filepath.Join(dir, "glyphs-images-idx3-ubyte.gz"), images, n, glyphs.Size, glyphs.Size)
	if err != nil {
		return err
	}
	return writeIDX(filepath.Join(dir, "glyphs-labels-idx1-ubyte.gz"), labels, n)
}

// writeIDX writes bytes of the given shape: two zero bytes, the type (8, unsigned byte),
// the number of dimensions, the dimensions in big-endian order, the data.
func writeIDX(path string, data []byte, shape ...int) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	header := []byte{0, 0, 8, byte(len(shape))}
	for _, d := range shape {
		header = binary.BigEndian.AppendUint32(header, uint32(d))
	}
	z, err := gzip.NewWriterLevel(f, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(append(header, data...)); err != nil {
		return err
	}
	return z.Close()
}
