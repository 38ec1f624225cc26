package dataset

import (
	"errors"
	"fmt"
	"image/color"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// spoiled is a folder of pictures, of which every third is broken in one of several ways.
func spoiled(t *testing.T, n int) fstest.MapFS {
	t.Helper()
	m := fstest.MapFS{}
	for i := range n {
		good := pngFile(t, 4, 4, color.Gray{Y: uint8(i)})
		switch i % 12 {
		case 2:
			good.Data = good.Data[:len(good.Data)/2]
		case 5:
			good.Data = nil
		case 8:
			good.Data = []byte("not a picture")
		case 11:
			good = pngFile(t, 2, 2, color.Gray{Y: 1}) // too small for the model
		}
		m[fmt.Sprintf("photos/%03d.png", i)] = good
	}
	return m
}

// TestSkipBad leaves out what cannot be read, in any part of the data, and keeps the order.
func TestSkipBad(t *testing.T) {
	fsys := spoiled(t, 200)
	for _, o := range []Options{{}, {Limit: 1}, {Limit: 30}, {Skip: 2, Limit: 100}, {Skip: 190}, {Limit: 1000}} {
		o.Preprocess, o.InputShape, o.SkipBad = raw(t), []int{1, 4, 4}, true
		set, err := OpenFS(fsys, "photos", o)
		if err != nil {
			t.Fatal(err)
		}
		var want, wantBad []string
		for i := o.Skip; i < 200 && (o.Limit == 0 || len(want) < o.Limit); i++ {
			name := fmt.Sprintf("photos/%03d.png", i)
			if i%3 == 2 {
				wantBad = append(wantBad, name)
			} else {
				want = append(want, name)
			}
		}
		var got, bad []string
		dst := make([]float32, 16)
		for i := range set.Len() {
			if _, err := set.Sample(i, dst); err != nil {
				t.Errorf("%+v: %v", o, err)
			}
			if name := fmt.Sprintf("photos/%03.0f.png", dst[0]); name != set.Name(i) {
				t.Errorf("%+v: sample %d is called %s and holds %s", o, i, set.Name(i), name)
			}
			if _, err := set.ID(i, 16); err != nil {
				t.Errorf("%+v: %v", o, err)
			}
			got = append(got, set.Name(i))
		}
		for _, b := range set.Bad() {
			bad = append(bad, b.Name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%+v: samples (-want +got):\n%s", o, diff)
		}
		if diff := cmp.Diff(wantBad, bad); diff != "" {
			t.Errorf("%+v: left out (-want +got):\n%s", o, diff)
		}
	}
}

// TestBadSamplesAreErrors where nothing asks to leave them out, or nothing else is there.
func TestBadSamplesAreErrors(t *testing.T) {
	o := Options{Preprocess: raw(t), InputShape: []int{1, 4, 4}}
	set, err := OpenFS(spoiled(t, 3), "photos", o)
	if err != nil {
		t.Fatal(err)
	}
	var bad *BadSampleError
	if _, err := set.Sample(2, make([]float32, 16)); !errors.As(err, &bad) || bad.Name != "photos/002.png" {
		t.Errorf("a broken picture: %v", err)
	}
	o.SkipBad, o.Skip = true, 2
	_, err = OpenFS(spoiled(t, 3), "photos", o)
	if !errors.As(err, new(*AllBadError)) || !strings.Contains(err.Error(), `none of 1 samples can be read, the first is "photos/002.png"`) {
		t.Errorf("nothing but a broken picture: %v", err)
	}
}
