package base64codec

import (
	"bytes"
	"errors"
	"testing"
)

func TestVectors(t *testing.T) {
	vectors := []struct{ plain, encoded string }{
		{"", ""},
		{"f", "Zg=="},
		{"fo", "Zm8="},
		{"foo", "Zm9v"},
		{"foob", "Zm9vYg=="},
		{"fooba", "Zm9vYmE="},
		{"foobar", "Zm9vYmFy"},
		{"Many hands make light work.", "TWFueSBoYW5kcyBtYWtlIGxpZ2h0IHdvcmsu"},
	}
	for _, v := range vectors {
		if got := Encode([]byte(v.plain)); got != v.encoded {
			t.Errorf("Encode(%q) = %q, want %q", v.plain, got, v.encoded)
		}
		if got, err := Decode(v.encoded); err != nil || string(got) != v.plain {
			t.Errorf("Decode(%q) = %q, %v, want %q", v.encoded, got, err, v.plain)
		}
	}
}

func TestEveryByteValue(t *testing.T) {
	data := make([]byte, 256)
	for i := range data {
		data[i] = byte(i)
	}
	got, err := Decode(Encode(data))
	if err != nil || !bytes.Equal(got, data) {
		t.Fatalf("round trip failed: %v", err)
	}
}

func TestMalformed(t *testing.T) {
	cases := map[string]error{
		"Zg=":      ErrLength,
		"Zg=a":     ErrPadding,
		"Zh==":     ErrSpare,
		"Z===":     ErrPadding,
		"Zm9*":     SymbolError(3),
		"Zg==Zg==": ErrPadding,
	}
	for text, want := range cases {
		if _, err := Decode(text); !errors.Is(err, want) {
			t.Errorf("Decode(%q) error = %v, want %v", text, err, want)
		}
	}
}
