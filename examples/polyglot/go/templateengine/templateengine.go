// Package templateengine fills mustache-like templates: {{name}}, {{customer.name}} and
// {{#each lines}} ... {{/each}}, where {{this}} is the current item and {{@index}} its number.
package templateengine

import (
	"errors"
	"fmt"
	"html"
	"strings"
)

// Data is what a template is filled from; lists are []any.
type Data = map[string]any

// Template is a parsed template, safe to execute from several goroutines.
type Template []node

// A node is literal text, a placeholder (path alone) or a block (path and body).
type node struct {
	text, path string
	body       Template
}

// Parse compiles a template such as "Dear {{customer.name}}, order {{orderId}} ships on {{shipDate}}".
func Parse(source string) (Template, error) {
	t, rest, closed, err := parse(source)
	if closed {
		return nil, fmt.Errorf("template: {{/each}} without {{#each}} before %.20q", rest)
	}
	return t, err
}

// parse stops at the end of source or behind an {{/each}}, and says which it was.
func parse(source string) (t Template, rest string, closed bool, err error) {
	for {
		text, after, found := strings.Cut(source, "{{")
		t = append(t, node{text: text})
		if !found {
			return t, "", false, nil
		}
		tag, after, found := strings.Cut(after, "}}")
		if !found {
			return nil, "", false, errors.New("template: unterminated tag")
		}
		if tag, source = strings.TrimSpace(tag), after; tag == "/each" {
			return t, source, true, nil
		}
		n := node{path: strings.TrimSpace(strings.TrimPrefix(tag, "#each "))}
		if n.path != tag {
			if n.body, source, closed, err = parse(source); err == nil && !closed {
				err = fmt.Errorf("template: {{%s}} is never closed", tag)
			}
			if err != nil {
				return nil, "", false, err
			}
		}
		t = append(t, n)
	}
}

// Execute renders the template, escaping every value for HTML.
func (t Template) Execute(data Data) (string, error) {
	var out strings.Builder
	for _, n := range t {
		value, err := lookup(n.path, data)
		switch {
		case n.path == "":
			out.WriteString(n.text)
		case err != nil:
			return "", err
		case n.body == nil:
			out.WriteString(html.EscapeString(fmt.Sprint(value)))
		default:
			items, _ := value.([]any)
			for i, item := range items {
				rendered, err := n.body.Execute(scope(data, item, i+1))
				if err != nil {
					return "", err
				}
				out.WriteString(rendered)
			}
		}
	}
	return out.String(), nil
}

// scope is what a block sees: the surroundings, then the fields of the item.
func scope(outer Data, item any, index int) Data {
	inner := Data{}
	fields, _ := item.(Data)
	for _, layer := range []Data{outer, fields, {"this": item, "@index": index}} {
		for name, value := range layer {
			inner[name] = value
		}
	}
	return inner
}

func lookup(path string, data Data) (any, error) {
	var value any = data
	for _, name := range strings.Split(path, ".") {
		fields, _ := value.(Data)
		next, ok := fields[name]
		if !ok {
			return nil, fmt.Errorf("template: nothing at %s", path)
		}
		value = next
	}
	return value, nil
}
