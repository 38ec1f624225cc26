package export_test

import (
	"fmt"
	"os"
	"path/filepath"

	"ann2snn/examples"
	"ann2snn/export"
	"ann2snn/export/target"
	"ann2snn/snn"
)

// A network is written as C99 sources to a new folder.
func Example() {
	n, err := snn.Decode(examples.Network)
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := export.ForName("c")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("losses:", c.Check(n))
	files, err := export.Files(c, n, target.Options{Name: "glyphs"})
	if err != nil {
		fmt.Println(err)
		return
	}
	parent, err := os.MkdirTemp("", "export")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(parent) }()
	dir := filepath.Join(parent, "glyphs_c")
	if err := export.Write(dir, files, nil); err != nil {
		fmt.Println(err)
		return
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range entries {
		fmt.Println(e.Name())
	}
	// Output:
	// losses: []
	// Makefile
	// README.md
	// board
	// glyphs.c
	// glyphs.h
	// glyphs_data.c
	// glyphs_data.h
	// glyphs_test.c
}
