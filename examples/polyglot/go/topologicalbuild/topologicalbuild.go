// Command topologicalbuild prints the order in which packages can be built, or
// the dependency cycle that makes building them impossible.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"sort"
	"strings"
)

const webShop = `
app: http auth logging
http: sockets logging
auth: crypto storage
storage: logging
`

const compiler = `
driver: parser
parser: lexer
lexer: tokens
tokens: parser
`

// A cycleError lists the packages of a cycle; the first is repeated at the end.
type cycleError []string

func (c cycleError) Error() string {
	return "import cycle: " + strings.Join(c, " -> ")
}

// manifest maps a package to the packages it depends on.
type manifest map[string][]string

func parse(text string) (manifest, error) {
	m := manifest{}
	scanner := bufio.NewScanner(strings.NewReader(text))
	for scanner.Scan() {
		line := strings.TrimSpace(scanner.Text())
		if line == "" {
			continue
		}
		name, deps, ok := strings.Cut(line, ":")
		if !ok {
			return nil, fmt.Errorf("manifest line %q has no colon", line)
		}
		m[name] = strings.Fields(deps)
	}
	return m, scanner.Err()
}

// order sorts the packages so that dependencies precede dependents.
func (m manifest) order() ([]string, error) {
	var (
		order []string
		trail []string
		done  = map[string]bool{}
		visit func(name string) error
	)
	visit = func(name string) error {
		if done[name] {
			return nil
		}
		for i, ancestor := range trail {
			if ancestor == name {
				return append(cycleError(nil), append(trail[i:], name)...)
			}
		}
		trail = append(trail, name)
		for _, dep := range m[name] {
			if err := visit(dep); err != nil {
				return err
			}
		}
		trail = trail[:len(trail)-1]
		done[name] = true
		order = append(order, name)
		return nil
	}

	roots := make([]string, 0, len(m))
	for name := range m {
		roots = append(roots, name)
	}
	sort.Strings(roots)
	for _, name := range roots {
		if err := visit(name); err != nil {
			return nil, err
		}
	}
	return order, nil
}

func main() {
	for _, text := range []string{webShop, compiler} {
		m, err := parse(text)
		if err != nil {
			panic(err)
		}
		order, err := m.order()
		var cycle cycleError
		if errors.As(err, &cycle) {
			fmt.Printf("%v (%d packages)\n", err, len(cycle)-1)
			continue
		}
		fmt.Println("build:", strings.Join(order, " "))
	}
}
