// Package expressioncalculator evaluates arithmetic expressions with variables.
package expressioncalculator

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"text/scanner"
)

// Variables are the names assigned so far; after Eval("width = 3.5 * 4") there is a width of 14.
type Variables map[string]float64

// Eval parses and evaluates a single statement.
func (v Variables) Eval(statement string) (float64, error) {
	target, expr := "", statement
	if name, rest, found := strings.Cut(statement, "="); found {
		target, expr = strings.TrimSpace(name), rest
	}
	p := &parser{vars: v}
	p.lex.Init(strings.NewReader(expr))
	p.lex.Mode = scanner.ScanIdents | scanner.ScanInts | scanner.ScanFloats
	p.next()
	value, err := p.sum()
	if err == nil && p.tok != scanner.EOF {
		err = fmt.Errorf("unexpected %s at %s", p.lex.TokenText(), p.lex.Position)
	}
	if err == nil && target != "" {
		v[target] = value
	}
	return value, err
}

type parser struct {
	lex  scanner.Scanner
	tok  rune
	vars Variables
}

func (p *parser) next() { p.tok = p.lex.Scan() }

func (p *parser) sum() (float64, error)     { return p.fold("+-", p.product) }
func (p *parser) product() (float64, error) { return p.fold("*/%", p.unary) }

func (p *parser) fold(operators string, operand func() (float64, error)) (float64, error) {
	left, err := operand()
	for err == nil && strings.ContainsRune(operators, p.tok) {
		op := p.tok
		p.next()
		right, rightErr := operand()
		switch {
		case rightErr != nil:
			return 0, rightErr
		case op == '+':
			left += right
		case op == '-':
			left -= right
		case op == '*':
			left *= right
		case right == 0:
			return 0, fmt.Errorf("division by zero before %s", p.lex.Pos())
		case op == '/':
			left /= right
		default:
			left = math.Mod(left, right)
		}
	}
	return left, err
}

// unary handles the sign and, binding tighter, the right-associative power.
func (p *parser) unary() (float64, error) {
	if p.tok == '-' {
		p.next()
		v, err := p.unary()
		return -v, err
	}
	base, err := p.primary()
	if err != nil || p.tok != '^' {
		return base, err
	}
	p.next()
	exponent, err := p.unary()
	return math.Pow(base, exponent), err
}

func (p *parser) primary() (float64, error) {
	text := p.lex.TokenText()
	switch tok := p.tok; tok {
	case scanner.Int, scanner.Float:
		p.next()
		return strconv.ParseFloat(text, 64)
	case scanner.Ident:
		p.next()
		if v, ok := p.vars[text]; ok {
			return v, nil
		}
		return 0, fmt.Errorf("unknown variable %q", text)
	case '(':
		p.next()
		v, err := p.sum()
		if err == nil && p.tok != ')' {
			err = fmt.Errorf("missing ) at %s", p.lex.Position)
		}
		p.next()
		return v, err
	}
	return 0, fmt.Errorf("expected an operand, found %q", text)
}
