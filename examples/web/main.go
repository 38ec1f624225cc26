// Command web makes a page that classifies pictures in a browser, with nothing to load
// and no server: the network, exported as C and compiled to WebAssembly, is inside.
//
//	go run ./examples/web [-o PAGE.html] [-samples N] [NET.snn]
//
// Without NET.snn it is the demonstration network. It needs clang and lld. The page
// begins with a self-test: samples whose outputs have to be those of package runtime.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"ann2snn/examples"
	"ann2snn/snn"
)

func main() {
	out := flag.String("o", "page.html", "`file` to write")
	samples := flag.Int("samples", 24, "test samples of the demonstration network to put into the page")
	flag.Parse()
	if err := run(context.Background(), *out, *samples, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out string, samples int, args []string) error {
	var pictures []picture
	b := examples.Network
	var err error
	switch len(args) {
	case 0:
		if pictures, err = demoPictures(samples); err != nil {
			return err
		}
	case 1:
		if b, err = os.ReadFile(args[0]); err != nil {
			return err
		}
	default:
		return fmt.Errorf("got %d networks, one fits a page", len(args))
	}
	n, err := snn.Decode(b)
	if err != nil {
		return err
	}
	p, err := newPage(ctx, n, pictures)
	if err != nil {
		return err
	}
	html, err := p.html()
	if err != nil {
		return err
	}
	return os.WriteFile(out, html, 0o644) //nolint:gosec // a page for everyone
}
