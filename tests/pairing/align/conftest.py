"""Documents with their functions, parsed as the corpus stage parses them."""

from dataclasses import asdict

import pytest

from pairing.align import Side
from parsers.syntax import parse
from parsers.units import extract_units


def side(language: str, text: str) -> Side:
    content = text.encode()
    units = [asdict(unit) for unit in extract_units(parse(content, language))]
    return Side(language, content, [unit for unit in units if unit["parameters"] >= 0 and unit["has_body"]])


@pytest.fixture
def side_of():
    return side


PYTHON = '''class m9:
    """Least recently used."""

    def m1(self, key):
        if key not in self.lookup:
            return -1
        node = self.lookup[key]
        self.m3(node)
        return node.value

    def m2(self, key, value):
        if len(self.lookup) >= self.capacity:
            oldest = self.tail.previous
            del self.lookup[oldest.key]
        self.lookup[key] = Node(key, value)

    def m3(self, node):
        node.previous.next = node.next
        node.next.previous = node.previous
        node.next = self.head

    def m4(self):
        return "LRU(%d of %d)" % (len(self.lookup), self.capacity)
'''
GO = """package cache

func (c *m7) m5(node *Node) {
	node.previous.next = node.next
	node.next.previous = node.previous
	node.next = c.head
}

func (c *m7) m6(key int, value int) {
	if len(c.lookup) >= c.capacity {
		oldest := c.tail.previous
		delete(c.lookup, oldest.key)
	}
	c.lookup[key] = NewNode(key, value)
}

func (c *m7) m8(key int) int {
	node, ok := c.lookup[key]
	if !ok {
		return -1
	}
	c.m5(node)
	return node.value
}
"""


@pytest.fixture
def cache() -> tuple[Side, Side]:
    return side("python", PYTHON), side("go", GO)
