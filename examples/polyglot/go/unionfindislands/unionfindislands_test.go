package unionfindislands

import "testing"

func TestCount(t *testing.T) {
	tests := []struct {
		name, chart string
		want        Survey
	}{
		{"archipelago", Archipelago, Survey{Islands: 6, Largest: 5}},
		{"open sea", "...\n...", Survey{}},
		{"corners do not touch", "#.\n.#", Survey{Islands: 2, Largest: 1}},
		{"atoll", "###\n#.#\n###", Survey{Islands: 1, Largest: 8}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Count(tt.chart)
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("Count() = %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestCountRejectsRaggedMap(t *testing.T) {
	if _, err := Count("##\n#"); err == nil {
		t.Error("a ragged map was accepted")
	}
}
