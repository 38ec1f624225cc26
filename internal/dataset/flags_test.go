package dataset

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ann2snn/preprocess"
)

func TestFlags(t *testing.T) {
	tests := []struct {
		flags Flags
		want  string // as JSON
	}{
		{Flags{Preset: "mnist"}, `{"preset":"mnist","scale":0.00392156862745098,"mean":[0.5],"std":[0.5],"resize":0,"crop":0,"layout":"","channels":"rgb"}`},
		{Flags{Preset: "imagenet", Resize: "0", Layout: "NHWC"}, `{"preset":"imagenet","scale":0.00392156862745098,"mean":[0.485,0.456,0.406],"std":[0.229,0.224,0.225],"resize":0,"crop":0,"layout":"nhwc","channels":"rgb"}`},
		{Flags{Scale: "1/4", Mean: "1, 2,3", Crop: "5", Channels: "bgr"}, `{"scale":0.25,"mean":[1,2,3],"std":[1],"resize":0,"crop":5,"layout":"","channels":"bgr"}`},
		{Flags{Scale: "1", IgnoreEXIF: true}, `{"scale":1,"mean":[0],"std":[1],"resize":0,"crop":0,"layout":"","channels":"rgb","ignore_exif":true}`},
		{Flags{}, `{"scale":0,"mean":null,"std":null,"resize":0,"crop":0,"layout":"","channels":""}`},
	}
	for _, tt := range tests {
		p, err := tt.flags.Preprocess()
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(p)
		if err != nil || string(got) != tt.want {
			t.Errorf("%+v: %s, %v", tt.flags, got, err)
		}
		var back preprocess.Spec
		if err := json.Unmarshal(got, &back); err != nil || !cmp.Equal(p, back) {
			t.Errorf("JSON round trip: %s %v", cmp.Diff(p, back), err)
		}
	}
}

func TestFlagErrors(t *testing.T) {
	tests := []struct {
		flags Flags
		want  string
	}{
		{Flags{Mean: "0.5", Std: "0.5"}, "--mean, --std without --preprocess or --scale, one of which pixels need; arrays of floats are taken as they are (try --scale 1/255"},
		{Flags{IgnoreEXIF: true}, "--ignore-exif without --preprocess or --scale"},
		{Flags{Layout: "nhwc"}, "arrays of floats are taken as they are"},
		{Flags{Preset: "vgg"}, `no preprocessing "vgg"`},
		{Flags{Scale: "1/0"}, `--scale "1/0"`},
		{Flags{Scale: "0"}, "factor other than 0"},
		{Flags{Scale: "NaN"}, "factor other than 0"},
		{Flags{Scale: "x"}, "factor other than 0"},
		{Flags{Scale: "1/x"}, "factor other than 0"},
		{Flags{Scale: "1", Mean: "1,,2"}, `--mean "1,,2"`},
		{Flags{Scale: "1", Std: "inf"}, `--std "inf" is not a number`},
		{Flags{Scale: "1", Std: "1,0,1"}, `--std "1,0,1" divides by 0`},
		{Flags{Scale: "1", Resize: "-1"}, `--resize "-1" is not a number of pixels`},
		{Flags{Scale: "1", Layout: "chwn"}, `--layout "chwn" is none of nchw, nhwc`},
		{Flags{Scale: "1", Channels: "grb"}, `--channels "grb" is none of rgb, bgr`},
		{Flags{Scale: "1", Resize: "big"}, `--resize "big"`},
	}
	for _, tt := range tests {
		if _, err := tt.flags.Preprocess(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v", tt.flags, err)
		}
	}
}

func TestFlagsAgree(t *testing.T) {
	stored, err := Flags{Preset: "cifar10"}.Preprocess()
	if err != nil {
		t.Fatal(err)
	}
	stored.Layout, stored.Crop = preprocess.NCHW, 32
	tests := []struct {
		flags Flags
		want  []string // clashes
	}{
		{Flags{}, nil},
		{Flags{Preset: "cifar10"}, nil},
		{Flags{Crop: "32", Layout: "nchw", Scale: "1/255"}, nil},
		{Flags{Mean: "0.485,0.456,0.406"}, nil},
		{Flags{Preset: "imagenet"}, []string{"resize is 256 by the flags, but 0 as stored"}},
		{Flags{Preset: "imagenet", Resize: "0"}, nil},
		{Flags{Preset: "mnist"}, []string{"mean is 0.5 ", "std is 0.5 "}},
		{Flags{Channels: "bgr", Crop: "28"}, []string{"channels is bgr", "crop is 28"}},
	}
	for _, tt := range tests {
		got, err := tt.flags.Agree(stored)
		if tt.want == nil {
			if err != nil || !cmp.Equal(got, stored) {
				t.Errorf("%+v: %+v, %v", tt.flags, got, err)
			}
			continue
		}
		if err == nil || strings.Count(err.Error(), "as stored") != len(tt.want) {
			t.Fatalf("%+v: %v", tt.flags, err)
		}
		for _, want := range tt.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%+v: %v", tt.flags, err)
			}
		}
	}
	stored.Crop = 0
	if got, err := (Flags{Resize: "40", Crop: "32"}).Agree(stored); err != nil || got.Resize != 40 || got.Crop != 32 || got.Layout != stored.Layout {
		t.Errorf("resize and crop that were never stored: %+v, %v", got, err)
	}
	for _, given := range []bool{false, true} {
		stored.IgnoreEXIF = !given
		if got, err := (Flags{IgnoreEXIF: given}).Agree(stored); err != nil || !got.IgnoreEXIF {
			t.Errorf("ignore EXIF is given: %v, else stored: %+v, %v", given, got, err)
		}
	}
	got, err := Flags{Preset: "mnist"}.Agree(preprocess.Spec{})
	if err != nil || got.Preset != "mnist" {
		t.Errorf("nothing stored: %+v, %v", got, err)
	}
}
